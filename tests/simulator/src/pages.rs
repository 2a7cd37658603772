//! Turning a listing into pages, as AWS does, and as it may.
//!
//! A token names the place that the next page begins at, and the question that it belongs to: a token of another
//! question is refused.

use serde_json::{Map, Value, json};

use crate::answer::{Listing, Refusal};
use crate::call::{Call, Protocol};

/// What is unusual about the pages.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Turning {
    /// Pages hold fewer entries than were asked for, by this seed.
    pub(crate) short: Option<u64>,
    /// Before each page comes an empty one with a token.
    pub(crate) empty: bool,
    /// Every page gives the same token.
    pub(crate) repeated: bool,
    /// Two tokens follow each other for ever.
    pub(crate) looping: bool,
    /// The service does not know its own tokens.
    pub(crate) forgotten: bool,
    /// The last page has a token that is empty.
    pub(crate) untold: bool,
}

/// The page of a listing that a call asks for.
pub(crate) fn page(listing: &Listing<'_>, call: &Call, turning: Turning) -> Result<Value, Refusal> {
    let size = size(listing, call)?;
    let question = question(call);
    let (from, after_empty) = match call.token() {
        None => (0, false),
        Some(_) if turning.forgotten => return Err(bad_token(call)),
        Some(token) => read_token(token, question).ok_or_else(|| bad_token(call))?,
    };
    let mut answer: Map<String, Value> = listing.fields.iter().map(|field| ((*field).to_owned(), json!([]))).collect();
    let empty = turning.empty && !after_empty;
    let length = turning.short.map_or(size, |seed| 1 + (mixed(seed ^ from as u64) % size as u64) as usize);
    let to = if empty { from } else { listing.places.min(from + length) };
    for (field, entry) in (from..to).filter_map(|place| (listing.entry)(place)) {
        answer.get_mut(field).and_then(Value::as_array_mut).expect("an entry is of a list of its answer").push(entry);
    }
    let next = if turning.repeated {
        Some(size)
    } else if turning.looping {
        Some(if from == size { 2 * size } else { size })
    } else {
        (empty || to < listing.places).then_some(to)
    };
    let token = next.map(|next| format!("{question:016x}-{next:x}-{}", u8::from(empty)));
    if call.protocol == Protocol::Query {
        answer.insert("IsTruncated".to_owned(), json!(token.is_some()));
    }
    let untold = turning.untold.then(String::new);
    if let Some(token) = token.or(untold) {
        answer.insert(call.paging().0.to_owned(), json!(token));
    }
    Ok(Value::Object(answer))
}

fn size(listing: &Listing<'_>, call: &Call) -> Result<usize, Refusal> {
    let name = call.paging().1;
    let asked = match call.parameters.get(name) {
        None | Some(Value::Null) => return Ok(listing.usual),
        Some(Value::String(text)) => text.parse().ok(),
        Some(number) => number.as_u64(),
    };
    let fits = asked.and_then(|asked| usize::try_from(asked).ok()).filter(|size| (1..=listing.largest).contains(size));
    fits.ok_or_else(|| {
        let code = if call.protocol == Protocol::Query { "ValidationError" } else { "ValidationException" };
        let largest = listing.largest;
        let message = format!("Value at '{name}' failed to satisfy constraint: Member must be between 1 and {largest}");
        Refusal::new(400, code, message)
    })
}

fn bad_token(call: &Call) -> Refusal {
    let code = match call.service.as_str() {
        "iam" => "ValidationError",
        "organizations" => "InvalidInputException",
        _ => "ValidationException",
    };
    Refusal::new(400, code, "The pagination token is invalid.")
}

fn read_token(token: &str, question: u64) -> Option<(usize, bool)> {
    let mut parts = token.split('-');
    let of = u64::from_str_radix(parts.next()?, 16).ok()?;
    let from = usize::from_str_radix(parts.next()?, 16).ok()?;
    (of == question).then_some((from, parts.next()? == "1"))
}

/// The question that a token belongs to: operation, account and parameters without those of the pages.
fn question(call: &Call) -> u64 {
    let (token, size) = call.paging();
    let mut parameters = call.parameters.clone();
    if let Some(parameters) = parameters.as_object_mut() {
        parameters.remove(token);
        parameters.remove(size);
    }
    let text = format!("{} {} {parameters}", call.operation(), call.account);
    // FNV-1a: a digest that is the same on every machine.
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |digest, byte| (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A number that looks random and is not (the finalizer of SplitMix64).
pub(crate) fn mixed(seed: u64) -> u64 {
    let mut number = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
