//! Dates as the culture of whoever exported writes them: `03/04/2026` is a day in March or in April, and never guessed.
//!
//! Windows writes local time without its zone. Such an instant counts as past once it is past everywhere on earth,
//! twelve hours after its own reading in UTC: rather a little too late than too early.

use crate::model::quoted_excerpt;
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, TimeDelta, Utc};

/// In which order a culture writes day, month and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    DayMonthYear,
    MonthDayYear,
    YearMonthDay,
}

/// A culture that the settings name.
#[derive(Debug, Clone)]
pub(crate) struct Culture {
    /// Its name, as it was set.
    pub(crate) name: String,
    /// How it writes dates.
    pub(crate) order: Order,
}

/// Why the dates of a list are not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unread {
    /// Nothing says which number is the day.
    Undecided,
    /// Some have a day where others have a month.
    Mixed,
    /// It is none, or one of a calendar that is not the Gregorian one.
    Strange(String),
    /// It is the number by which a spreadsheet keeps a day.
    Serial(String),
}

impl Unread {
    /// The reason, with what to do.
    pub(crate) fn detail(&self) -> String {
        const INSTEAD: &str = "set `expect.culture`, or export `accountExpires` (in other lists, dates as \
                               `2026-11-20`)";
        match self {
            Unread::Undecided => format!("it is unclear which number is the day and which is the month; {INSTEAD}"),
            Unread::Mixed => format!("day and month are in both orders; {INSTEAD}"),
            Unread::Strange(text) => {
                format!(
                    "{} is not a Gregorian date; export `accountExpires`, or dates as `2026-11-20`",
                    quoted_excerpt(text)
                )
            }
            Unread::Serial(text) => format!(
                "{} is a spreadsheet's internal day number, not a date; format the column as `yyyy-mm-dd` and save \
                 again",
                quoted_excerpt(text)
            ),
        }
    }
}

/// The order in which a culture writes its dates; `None` where the culture is not known or has another calendar.
pub(crate) fn order_of(culture: &str) -> Option<Order> {
    let culture = culture.trim().to_ascii_lowercase().replace('_', "-");
    let (language, region) = culture.split_once('-').unwrap_or((&culture, ""));
    let region = region.rsplit('-').next().unwrap_or_default();
    match (language, region) {
        // Regions of which Windows' two tables of cultures (NLS and ICU) agree; the United States and Great Britain
        // differ, so the language alone is not enough.
        ("en", "us") | ("es", "pa" | "pr") => Some(Order::MonthDayYear),
        ("en", "ca" | "za") | ("fr", "ca") => Some(Order::YearMonthDay),
        ("en", "au" | "gb" | "hk" | "ie" | "in" | "my" | "nz" | "sg") | ("zh", "hk" | "mo" | "sg") => {
            Some(Order::DayMonthYear)
        }
        ("es", "us") => None,
        ("af" | "eu" | "hu" | "ja" | "ko" | "lt" | "mn" | "ne" | "se" | "si" | "sv" | "zh", _) => {
            Some(Order::YearMonthDay)
        }
        (
            "be" | "bg" | "bs" | "ca" | "cs" | "cy" | "da" | "de" | "el" | "es" | "et" | "fi" | "fr" | "ga" | "gl"
            | "he" | "hi" | "hr" | "id" | "is" | "it" | "kk" | "lb" | "lv" | "mk" | "ms" | "mt" | "nb" | "nl" | "nn"
            | "no" | "pl" | "pt" | "ro" | "ru" | "sk" | "sl" | "sq" | "sr" | "tr" | "uk" | "vi",
            _,
        ) => Some(Order::DayMonthYear),
        _ => None,
    }
}

/// The order that the dates of one export show: all were written in one culture. A number above twelve is a day.
pub(crate) fn order_shown<'a>(dates: impl Iterator<Item = &'a str>) -> Result<Order, Unread> {
    let mut shown = None;
    for text in dates {
        let Some((numbers, separator)) = numbers(text) else { continue };
        let order = match numbers {
            [first, ..] if first > 31 => Order::YearMonthDay,
            [first, second, _] if first > 12 && second <= 12 => Order::DayMonthYear,
            [first, second, _] if second > 12 && first <= 12 => Order::MonthDayYear,
            // No culture writes the month first with full stops between.
            [..] if separator == '.' => Order::DayMonthYear,
            [..] => continue,
        };
        if *shown.get_or_insert(order) != order {
            return Err(Unread::Mixed);
        }
    }
    shown.ok_or(Unread::Undecided)
}

/// Whether a cell has a day in whatever order, in the first of its words.
pub(crate) fn is_day(text: &str) -> bool {
    numbers(text).is_some() || unambiguous(text).is_some()
}

/// A day that is written in a way that no culture reads otherwise: `20261118`, `18-Nov-2026`.
fn unambiguous(text: &str) -> Option<NaiveDate> {
    let date = words(text).next()?;
    if date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()) {
        return NaiveDate::parse_from_str(date, "%Y%m%d").ok();
    }
    let formats = ["%d-%b-%Y", "%d/%b/%Y", "%d.%b.%Y", "%d-%b-%y", "%d/%b/%y"];
    let of = |format: &&str| NaiveDate::parse_from_str(date, format).ok();
    // `%Y` takes a year of two digits too.
    formats.iter().filter_map(of).find(|day| day.year() >= 1900)
}

/// The numbers of a date, and what stands between them.
fn numbers(text: &str) -> Option<([u32; 3], char)> {
    let date = words(text).next()?.trim_end_matches('.');
    let separator = date.chars().find(|char| matches!(char, '/' | '.' | '-'))?;
    let mut parts = date.split(separator).map(|part| part.trim().parse::<u32>().ok());
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some((numbers, separator))
}

/// Words of a date and its time. Newer Windows writes a narrow no-break space before `AM`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|char: char| char.is_whitespace() || char == 'T').filter(|word| !word.is_empty())
}

/// The same, where the order of day and month may not be known: not every date needs it.
pub(crate) fn past_in(text: &str, order: &Result<Order, Unread>) -> Result<DateTime<Utc>, Unread> {
    match order {
        Ok(order) => past_everywhere(text, *order),
        Err(_) if unambiguous(text).is_some() => past_everywhere(text, Order::YearMonthDay),
        Err(_) if is_serial(text) => Err(Unread::Serial(text.to_owned())),
        Err(unread) => Err(unread.clone()),
    }
}

/// The instant after which a date is past in every time zone.
pub(crate) fn past_everywhere(text: &str, order: Order) -> Result<DateTime<Utc>, Unread> {
    const FARTHEST_WEST: TimeDelta = TimeDelta::hours(12);
    let strange = || Unread::Strange(text.to_owned());
    let day = day(text, order)?;
    let mut words = words(text).skip(1);
    let time = words.next().map_or(Some(NaiveTime::MIN), |time| crate::expect::text::dates::time(time, words.next()));
    day.and_time(time.ok_or_else(strange)?).and_utc().checked_add_signed(FARTHEST_WEST).ok_or_else(strange)
}

/// The day of a date.
pub(crate) fn day(text: &str, order: Order) -> Result<NaiveDate, Unread> {
    let strange = || match is_serial(text) {
        true => Unread::Serial(text.to_owned()),
        false => Unread::Strange(text.to_owned()),
    };
    if let Some(day) = unambiguous(text) {
        return Some(day).filter(|day| is_gregorian(day.year())).ok_or_else(strange);
    }
    let (numbers, _) = numbers(text).ok_or_else(strange)?;
    let (year, month, day) = match (order, numbers) {
        (Order::DayMonthYear, [day, month, year])
        | (Order::MonthDayYear, [month, day, year])
        | (Order::YearMonthDay, [year, month, day]) => (year, month, day),
    };
    let date = i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day));
    date.filter(|date| is_gregorian(date.year())).ok_or_else(strange)
}

/// Buddhist years are 543 ahead; those of the Islamic calendars are in their fifteenth century. Accounts that never expire
/// are often given a year such as 2999 or 9999.
fn is_gregorian(year: i32) -> bool {
    (1900..2500).contains(&year) || (2700..10_000).contains(&year)
}

/// Whether a cell has what a spreadsheet keeps in place of a day of our time: the days since 1900 or 1904.
fn is_serial(text: &str) -> bool {
    let days = text.trim().split(['.', ',']).next().and_then(|days| days.parse::<u32>().ok());
    days.is_some_and(|days| (20_000..80_000).contains(&days))
}

fn time(text: &str, half: Option<&str>) -> Option<NaiveTime> {
    let mut parts = text.trim_end_matches('Z').split(['.', ':']).map(str::parse::<u32>);
    let (hour, minute) = (parts.next()?.ok()?, parts.next()?.ok()?);
    let second = parts.next().map_or(Some(0), Result::ok)?;
    let half = half.map(|half| half.to_lowercase().replace('.', ""));
    let hour = match half.as_deref() {
        None => hour,
        Some("am") => hour % 12,
        Some("pm") => hour % 12 + 12,
        Some(_) => return None,
    };
    NaiveTime::from_hms_opt(hour, minute, second)
}
