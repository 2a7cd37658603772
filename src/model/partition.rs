//! Partitions of AWS: groups of regions that do not know each other's accounts.

/// The partition of a region, as ARNs have it, by the region's name (AWS General Reference, "Amazon Resource Names").
#[must_use]
pub fn partition_of(region: &str) -> &'static str {
    const PARTITIONS: [(&str, &str); 7] = [
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("eusc-", "aws-eusc"),
        ("us-iso-", "aws-iso"),
        ("us-isob-", "aws-iso-b"),
        ("eu-isoe-", "aws-iso-e"),
        ("us-isof-", "aws-iso-f"),
    ];
    PARTITIONS.iter().find(|(prefix, _)| region.starts_with(prefix)).map_or("aws", |(_, partition)| partition)
}

/// Whether a text can be the name of a region: `eu-central-1`.
#[must_use]
pub fn is_region(text: &str) -> bool {
    let valid = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    text.bytes().all(valid) && text.contains('-') && text.ends_with(|end: char| end.is_ascii_digit())
}
