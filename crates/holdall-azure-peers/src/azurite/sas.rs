//! Shared access signatures.
//!
//! <https://learn.microsoft.com/rest/api/storageservices/create-account-sas>

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::Sha256;

const VERSION: &str = "2020-12-06";

/// Reading, adding, creating, writing, deleting and listing.
const RIGHTS: &str = "racwdl";

/// The Blob service, and in it the service, containers and blobs.
const SERVICES: &str = "b";
const RESOURCES: &str = "sco";

pub(super) fn of_account(account: &str, key: &str, expiry: &str) -> String {
    let (start, address, protocol, scope) = ("", "", "", "");
    let signed = [
        account, RIGHTS, SERVICES, RESOURCES, start, expiry, address, protocol, VERSION, scope, "",
    ];
    let signature = signature(key, &signed.join("\n"));
    let signature = utf8_percent_encode(&signature, NON_ALPHANUMERIC);
    let expiry = utf8_percent_encode(expiry, NON_ALPHANUMERIC);
    format!("sv={VERSION}&ss={SERVICES}&srt={RESOURCES}&sp={RIGHTS}&se={expiry}&sig={signature}")
}

/// Of one container and its blobs.
/// <https://learn.microsoft.com/rest/api/storageservices/create-service-sas>
pub(super) fn of_container(account: &str, key: &str, container: &str, expiry: &str) -> String {
    const CONTAINER: &str = "c";
    let resource = format!("/blob/{account}/{container}");
    let (start, identifier, address, protocol) = ("", "", "", "");
    let (snapshot, scope, headers) = ("", "", [""; 5].join("\n"));
    let signed = [
        RIGHTS, start, expiry, &resource, identifier, address, protocol, VERSION, CONTAINER,
        snapshot, scope, &headers,
    ];
    let signature = signature(key, &signed.join("\n"));
    let signature = utf8_percent_encode(&signature, NON_ALPHANUMERIC);
    let expiry = utf8_percent_encode(expiry, NON_ALPHANUMERIC);
    format!("sv={VERSION}&sr={CONTAINER}&sp={RIGHTS}&se={expiry}&sig={signature}")
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
