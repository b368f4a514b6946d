//! Whether a call brings credentials. No recording has any, and signatures are
//! not verified: the form is looked at, and whose account it names.

use std::collections::BTreeMap;

use super::account::Account;
use super::behaviour::Authentication;
use super::call::Call;
use super::refusal::{Refusal, Result};

/// Refuses a call without credentials of the account.
pub(crate) fn check(account: &Account, call: &Call) -> Result<()> {
    if account.behaviour.authentication == Authentication::Ignored || has_sas(&call.query) {
        return Ok(());
    }
    let authorization = call
        .header("authorization")
        .ok_or(Refusal::NO_AUTHENTICATION)?;
    let known = match authorization.split_once(' ') {
        Some(("SharedKey", signed)) => signed
            .split_once(':')
            .is_some_and(|(name, signature)| name == account.name && !signature.is_empty()),
        Some(("Bearer", token)) => !token.is_empty(),
        _ => false,
    };
    // "Authorize with Shared Key": each request carries its time and, since the
    // signature depends on it, its version.
    let dated = call.header("x-ms-date").is_some() || call.header("date").is_some();
    if known && dated && call.header("x-ms-version").is_some() {
        return Ok(());
    }
    Err(Refusal::AUTHENTICATION_FAILED)
}

/// Refuses a source, of a copy or a rename, without a SAS where the call itself
/// stands on one ("Path - Create": "if the source requires a SAS, append it").
pub(crate) fn check_source(
    account: &Account,
    call: &Call,
    source_query: &BTreeMap<String, String>,
    refusal: Refusal,
) -> Result<()> {
    let ignored = account.behaviour.authentication == Authentication::Ignored;
    if ignored || !has_sas(&call.query) || has_sas(source_query) {
        return Ok(());
    }
    Err(refusal)
}

fn has_sas(query: &BTreeMap<String, String>) -> bool {
    query
        .get("sig")
        .is_some_and(|signature| !signature.is_empty())
        && query.contains_key("sv")
}
