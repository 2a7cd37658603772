//! What can still be understood of settings that were refused: enough to tell the recipients of alerts that they were.
//!
//! Only they are told by it. Nothing runs with such settings.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use toml::de::{DeTable, DeValue, ValueDeserializer};
use toml::{Spanned, Table, Value};

use super::Settings;
use crate::alert::topic::is_topic;

impl Settings {
    /// Every key of the file that can be understood by itself; the defaults for all others, and where there is no file.
    #[must_use]
    pub fn read_what_is_left(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_default();
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        Settings { folder, ..what_is_left(&text) }
    }
}

fn what_is_left(text: &str) -> Settings {
    let mut kept = Table::new();
    for (key, value) in written(text) {
        match value {
            Value::Table(section) => {
                section.into_iter().for_each(|(name, value)| keep_of_section(&mut kept, &key, name, value))
            }
            Value::Array(jobs) if key == "job" => jobs.into_iter().for_each(|job| keep_job(&mut kept, job)),
            value @ (Value::String(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Datetime(_)
            | Value::Array(_)) => keep(&mut kept, |table| _ = table.insert(key, value)),
        }
    }
    let mut settings = Settings::deserialize(kept).unwrap_or_default();
    let of_jobs = settings.jobs.iter_mut().map(|job| &mut job.sns_topic_arn);
    for topic in of_jobs.chain([&mut settings.alert.sns_topic_arn]) {
        *topic = topic.take().filter(|topic| is_topic(topic));
    }
    settings
}

/// The text as TOML, without what is none.
fn written(text: &str) -> Table {
    let (table, _) = DeTable::parse_recoverable(text);
    let value = Spanned::new(table.span(), DeValue::Table(table.into_inner()));
    Table::deserialize(ValueDeserializer::from(value)).unwrap_or_default()
}

/// Adds something, unless it cannot be understood.
fn keep(kept: &mut Table, add: impl FnOnce(&mut Table)) {
    let mut with = kept.clone();
    add(&mut with);
    if Settings::deserialize(with.clone()).is_ok() {
        *kept = with;
    }
}

/// Adds a value of a section, unless it cannot be understood; of channels each by itself.
fn keep_of_section(kept: &mut Table, key: &str, name: String, value: Value) {
    let section_of = |table: &mut Table, add: &dyn Fn(&mut Table)| {
        let section = table.entry(key).or_insert_with(|| Value::Table(Table::new()));
        section.as_table_mut().map(add);
    };
    match value {
        Value::Array(channels) if !channels.is_empty() && channels.iter().all(Value::is_table) => {
            for channel in channels {
                keep(kept, |table| {
                    section_of(table, &|section| {
                        let all = section.entry(&name).or_insert_with(|| Value::Array(Vec::new()));
                        all.as_array_mut().into_iter().for_each(|all| all.push(channel.clone()));
                    });
                });
            }
        }
        value @ (Value::String(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::Datetime(_)
        | Value::Array(_)
        | Value::Table(_)) => {
            keep(kept, |table| section_of(table, &|section| _ = section.insert(name.clone(), value.clone())))
        }
    }
}

/// Adds a job, when it is due or not: what counts is whose messages it sends.
fn keep_job(kept: &mut Table, job: Value) {
    let Value::Table(mut job) = job else { return };
    let Some(name) = job.remove("name") else { return };
    let mut least = Table::from_iter([("name".to_owned(), name)]);
    least.insert("cron".to_owned(), Value::String(String::new()));
    keep(kept, |table| {
        let jobs = table.entry("job").or_insert_with(|| Value::Array(Vec::new()));
        if let Some(jobs) = jobs.as_array_mut() {
            jobs.push(Value::Table(least));
        }
    });
    for (key, value) in job {
        keep(kept, |table| {
            let last = table.get_mut("job").and_then(Value::as_array_mut).and_then(|jobs| jobs.last_mut());
            last.and_then(Value::as_table_mut).map(|job| job.insert(key, value));
        });
    }
}
