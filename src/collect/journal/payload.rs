//! The text of an answer: in memory, or in the journal that it was written to.
//!
//! A hundred thousand people and their memberships are half a gigabyte of answers. Each is needed twice after it came,
//! to be understood and to be written in its final place, and in between only where it lies.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, MutexGuard};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::error::Category;
use serde_json::value::RawValue;

/// JSON in the shape that the AWS CLI prints.
#[derive(Debug, Clone)]
pub enum Text {
    /// In memory.
    Held(Box<RawValue>),
    /// In a journal, in the line of its page.
    Written(Line),
}

impl Text {
    /// The text.
    ///
    /// # Errors
    /// Where the journal that has it cannot be read again.
    pub fn json(&self) -> io::Result<Cow<'_, RawValue>> {
        match self {
            Text::Held(json) => Ok(Cow::Borrowed(json)),
            Text::Written(line) => line.answer().map(Cow::Owned).map_err(|error| {
                io::Error::new(error.kind(), format!("the journal of this run cannot be read back: {error}"))
            }),
        }
    }

    /// What the text says.
    ///
    /// # Errors
    /// Where it is not there, or says something else.
    pub fn parse<T: DeserializeOwned>(&self) -> io::Result<T> {
        Ok(serde_json::from_str(self.json()?.get())?)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json().map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Deserialize::deserialize(deserializer).map(Text::Held)
    }
}

/// A file of lines, which are put to its end and can be read again.
#[derive(Debug, Clone)]
pub struct Lines(Arc<Mutex<File>>);

/// One line of a file.
#[derive(Debug, Clone)]
pub struct Line {
    of: Lines,
    at: u64,
    length: usize,
}

impl Lines {
    /// The lines of this file, which is open for reading and writing.
    #[must_use]
    pub fn of(file: File) -> Self {
        Lines(Arc::new(Mutex::new(file)))
    }

    /// Puts a line to the end, and leaves nothing of it in memory: the program may be killed at any time.
    ///
    /// # Errors
    /// Where `line` is not written, or the file does not take it.
    pub fn put(&self, line: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Line> {
        let mut text = Vec::new();
        line(&mut text)?;
        let mut file = self.file();
        let at = file.seek(SeekFrom::End(0))?;
        file.write_all(&text)?;
        Ok(self.line(at, text.len()))
    }

    /// The line that begins at this byte and has so many.
    #[must_use]
    pub fn line(&self, at: u64, length: usize) -> Line {
        Line { of: self.clone(), at, length }
    }

    /// Cuts off all but the first bytes.
    ///
    /// # Errors
    /// Where the file stays as it is.
    pub fn cut(&self, length: u64) -> io::Result<()> {
        self.file().set_len(length)
    }

    fn file(&self) -> MutexGuard<'_, File> {
        self.0.lock().expect("nobody panics while reading or writing a line")
    }
}

impl Line {
    /// The answer on this line of a journal.
    fn answer(&self) -> io::Result<Box<RawValue>> {
        let mut text = Vec::with_capacity(self.length);
        let mut file = self.of.file();
        file.seek(SeekFrom::Start(self.at))?;
        (&mut *file).take(self.length as u64).read_to_end(&mut text)?;
        drop(file);
        serde_json::from_slice::<OfPage>(&text).map(|page| page.outcome.answer).map_err(|error| {
            match error.classify() {
                Category::Data => io::Error::new(io::ErrorKind::InvalidData, "the line holds another page"),
                Category::Io | Category::Syntax | Category::Eof => error.into(),
            }
        })
    }
}

/// What is read of a page's line: its answer, and nothing else.
#[derive(Deserialize)]
struct OfPage {
    outcome: Answered,
}

#[derive(Deserialize)]
struct Answered {
    answer: Box<RawValue>,
}
