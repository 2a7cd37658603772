//! Numbers and enumerations as a reader likes them.

/// `4012` as `4,012`.
#[must_use]
pub fn thousands(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or(u64::MAX).to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number with its noun: `1 policy`, `2 policies`, `4,012 gaps`.
#[must_use]
pub fn count(number: usize, one: &str) -> String {
    let number_words = thousands(number as u64);
    if number == 1 {
        return format!("{number_words} {one}");
    }
    match one.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
        Some(stem) => format!("{number_words} {stem}ies"),
        None if one == "person" => format!("{number_words} people"),
        None => format!("{number_words} {one}s"),
    }
}

/// A time span in the largest units that say it exactly: `36 hours`, `7 days`, `21 days and 8 hours`.
#[must_use]
pub fn hours(number: usize) -> String {
    match (number / 24, number % 24) {
        (0 | 1, _) => count(number, "hour"),
        (days, 0) => count(days, "day"),
        (days, rest) => format!("{} and {}", count(days, "day"), count(rest, "hour")),
    }
}

/// A time span, as exactly as it matters: `15 s`, `4 min`, `1.4 h`.
#[must_use]
pub fn seconds(number: u64) -> String {
    match number {
        0..100 => format!("{number} s"),
        100..6000 => format!("{} min", number.div_ceil(60)),
        _ => format!("{:.1} h", number as f64 / 3600.0),
    }
}

/// `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn list(parts: &[String]) -> String {
    joined(parts, "and")
}

/// `a`, `a or b`, `a, b or c`.
#[must_use]
pub fn list_or(parts: &[String]) -> String {
    joined(parts, "or")
}

fn joined(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}
