//! Tokens that say where the next page begins.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::refusal::{Refusal, Result};
use super::tree::Path;

/// A token for the page after `path`. It has characters that a URL must escape,
/// as the real ones have.
pub(crate) fn encode(path: &Path) -> String {
    format!("{}+/=", BASE64_STANDARD.encode(path.as_str()))
}

pub(crate) fn decode(token: &str) -> Result<Path> {
    let encoded = token
        .strip_suffix("+/=")
        .ok_or(Refusal::INVALID_CONTINUATION)?;
    let bytes = BASE64_STANDARD.decode(encoded);
    let text = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok());
    Ok(Path::new(&text.ok_or(Refusal::INVALID_CONTINUATION)?))
}
