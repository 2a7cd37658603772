//! How people sign what they reviewed or approved.

use std::collections::BTreeSet;

use super::full_name;

/// Whether a signature has one of a person's names: `Alice Ash <alice@example.com>`, `CORP\alice`, `Ash Alice`,
/// `mailto:alice@example.com`, `ciso and alice@example.com`.
#[must_use]
pub fn is_signed_by<'n>(signature: &str, names: impl IntoIterator<Item = &'n str>) -> bool {
    let names: BTreeSet<String> = names.into_iter().map(full_name).filter(|name| !name.is_empty()).collect();
    let accounts: BTreeSet<&str> = names.iter().map(|name| account_of(name)).collect();
    let by_words: BTreeSet<Vec<&str>> = names.iter().filter_map(|name| words(name)).collect();
    signers(signature).iter().any(|signer| {
        let is_account = || !signer.contains('@') && accounts.contains(account_of(signer));
        names.contains(signer) || is_account() || words(signer).is_some_and(|words| by_words.contains(&words))
    })
}

/// Every name in a signature.
fn signers(signature: &str) -> Vec<String> {
    let parts = signature.split(['<', '>', '(', ')', ';', ',', '|', '&', '/', '+', ':']);
    let addresses = signature.split(|character: char| character.is_whitespace() || "<>();,|&/+:".contains(character));
    let addresses = addresses.filter(|word| word.contains('@'));
    let all = parts.chain(addresses).chain([signature]).map(full_name);
    all.filter(|signer| !signer.is_empty()).collect()
}

/// The words of a name that has several, in one order.
fn words(name: &str) -> Option<Vec<&str>> {
    let mut words: Vec<&str> = name.split(' ').collect();
    words.sort_unstable();
    (words.len() > 1).then_some(words)
}

/// The account in a name: `alice` of `alice@example.com` and of `CORP\alice`.
fn account_of(name: &str) -> &str {
    let name = name.rsplit('\\').next().unwrap_or(name);
    name.split('@').next().unwrap_or(name)
}
