//! Shared access signatures.
//!
//! <https://learn.microsoft.com/rest/api/storageservices/create-service-sas>

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::Sha256;

const VERSION: &str = "2020-12-06";

/// Reading, adding, creating, writing, deleting and listing.
const RIGHTS: &str = "racwdl";

pub(super) fn of_container(account: &str, key: &str, container: &str, expiry: &str) -> String {
    let resource = format!("/blob/{account}/{container}");
    let (start, id, address, protocol, snapshot, scope) = ("", "", "", "", "", "");
    let signed = [
        RIGHTS, start, expiry, &resource, id, address, protocol, VERSION, "c", snapshot, scope,
    ];
    // Five headers of the answer follow, none of which is set.
    let signed = format!("{}{}", signed.join("\n"), "\n".repeat(5));
    let signature = utf8_percent_encode(&signature(key, &signed), NON_ALPHANUMERIC).to_string();
    let expiry = utf8_percent_encode(expiry, NON_ALPHANUMERIC);
    format!("sv={VERSION}&sr=c&sp={RIGHTS}&se={expiry}&sig={signature}")
}

/// Empty for a key that is none: the service refuses it.
fn signature(key: &str, text: &str) -> String {
    let key = BASE64_STANDARD.decode(key).unwrap_or_default();
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else {
        return String::new();
    };
    mac.update(text.as_bytes());
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}
