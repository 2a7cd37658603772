//! Lists that are kept by hand, on the disk: found, added to, and put in their place whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use super::NotAdded;
use super::look::Look;
use crate::expect::{Damage, ExpectError};
use crate::pipeline::PipelineError;
use crate::pipeline::list_files::Read;
use crate::pipeline::regular_file;

/// The list of waivers.
pub(super) const WAIVERS: &str = "waivers.toml";

/// The file that is this list. A list of waivers that is missing is made.
pub(super) fn of(files: &mut Vec<Read>, list: &'static str) -> Result<usize, NotAdded> {
    let is_list = |file: &Read| file.name.rsplit('/').next() == Some(list);
    let found: Vec<usize> = (0..files.len()).filter(|&number| is_list(&files[number])).collect();
    match found.as_slice() {
        [] => {
            files.push(Read::new(list, Vec::new()));
            Ok(files.len() - 1)
        }
        [one] => Ok(*one),
        many => {
            Err(NotAdded::Several { name: list, at: many.iter().map(|&number| files[number].name.clone()).collect() })
        }
    }
}

/// The text of a list, if UTF-8 can be added to it.
pub(super) fn text(file: &Read) -> Result<&str, NotAdded> {
    let other = |encoding: &str| NotAdded::Encoding { name: file.name.clone(), encoding: encoding.to_owned() };
    let text = std::str::from_utf8(&file.bytes).map_err(|_| match file.bytes.as_slice() {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => other("UTF-16"),
        _ => other("a legacy code page"),
    })?;
    if text.contains('\0') {
        return Err(other("UTF-16"));
    }
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Refuses waivers that are written as a value (`waiver = []`): TOML lets no table of that name follow.
pub(super) fn takes_tables(file: &Read) -> Result<(), NotAdded> {
    let above_tables = text(file)?.lines().take_while(|line| !line.trim_start().starts_with('['));
    let is_value = |line: &str| {
        let key = line.split_once('=').map(|(key, _)| key.trim().trim_matches(['"', '\'']));
        key == Some("waiver")
    };
    match above_tables.enumerate().find(|(_, line)| is_value(line)) {
        Some((number, _)) => Err(NotAdded::WaiverValue { name: file.name.clone(), line: number + 1 }),
        None => Ok(()),
    }
}

/// A table, with an empty line between it and what is there, and with the line breaks that are there.
pub(super) fn apart(text: &str, table: String) -> String {
    let before = match text {
        "" => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let added = before.to_owned() + &table;
    if text.contains("\r\n") { added.replace('\n', "\r\n") } else { added }
}

/// A list that cannot be read, and so not be added to.
pub(super) fn damaged(look: &Look, list: &str, damage: Damage) -> NotAdded {
    let source = ExpectError::List { name: list.to_owned(), damage };
    PipelineError::Lists { at: look.place().to_string(), source }.into()
}

/// Creates a file whole, where there is none.
pub(super) fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    beside(path, bytes)?.persist_noclobber(path)?;
    synced(path)
}

/// Puts a file in the place of the one that was read, unless somebody has changed that one since.
pub(super) fn put(path: &Path, before: &[u8], bytes: &[u8]) -> io::Result<()> {
    if before.is_empty() && !path.exists() {
        return create(path, bytes);
    }
    // A link stays a link; what it leads to is replaced.
    let path = fs::canonicalize(path)?;
    regular_file::or_nothing(&path)?;
    // Whoever adds to it at the same time waits here, and then sees that it has changed. Not every file system can.
    let there = fs::File::open(&path)?;
    there.lock().or_else(|error| if error.kind() == io::ErrorKind::Unsupported { Ok(()) } else { Err(error) })?;
    let new = beside(&path, bytes)?;
    fs::set_permissions(new.path(), fs::metadata(&path)?.permissions())?;
    if fs::read(&path)? != before {
        return Err(io::Error::other("it was changed in the meantime"));
    }
    new.persist(&path)?;
    synced(&path)
}

/// A file with these bytes in the same folder, under a name that no reader looks at.
fn beside(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".rollcall-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    // The settings may name a folder that nobody has made yet.
    fs::create_dir_all(folder(path))?;
    let mut file = builder.tempfile_in(folder(path))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Makes the name last as well as the bytes.
fn synced(path: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(folder(path))?.sync_all() } else { Ok(()) }
}

/// The folder of a file.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
