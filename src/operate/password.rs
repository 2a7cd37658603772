//! A console password: made at random, written to a new file that only its owner can read, and shown nowhere.

use std::fmt;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The shortest password that is made, whatever the account allows.
const SHORTEST: usize = 24;
/// The longest one that AWS takes (IAM API reference, `CreateLoginProfile`).
const LONGEST: usize = 128;

/// The four kinds of characters that a password policy can ask for; the last one is AWS's list of symbols. Characters that
/// are easily mistaken for each other when typed (`0O1lI|'`) are left out.
const CLASSES: [&[u8]; 4] =
    [b"ABCDEFGHJKLMNPQRSTUVWXYZ", b"abcdefghijkmnopqrstuvwxyz", b"23456789", b"!@#$%^&*()_+-=[]{}"];

/// A password. It has no `Display` and no `Serialize`, and its `Debug` does not show it.
pub struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(not shown)")
    }
}

/// Why a password is not made or not kept.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The account asks for a longer one than AWS takes.
    #[error("the account's password policy requires {0} characters, and AWS accepts at most {LONGEST}")]
    TooLong(usize),
    /// Others than the owner can read the folder.
    #[error("other users can read the folder `{0}`; set its mode to 0700")]
    FolderIsOpen(PathBuf),
    /// The folder cannot be made, or the file cannot be written.
    #[error("cannot write the password to `{path}`")]
    Io {
        /// The folder or the file.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
}

impl Password {
    /// A password of all four kinds of characters, as long as the account's password policy asks for, and at least 24
    /// characters. `minimum_length` is that of the policy; 0 where the account has none. `random` fills bytes from a source
    /// that is fit for secrets.
    ///
    /// # Errors
    /// Where the policy asks for more than AWS takes.
    pub fn generate(minimum_length: usize, random: &mut dyn FnMut(&mut [u8])) -> Result<Self, PasswordError> {
        if minimum_length > LONGEST {
            return Err(PasswordError::TooLong(minimum_length));
        }
        let all = CLASSES.concat();
        let length = minimum_length.max(SHORTEST);
        // Every password of this length is as likely as any other one that has all four kinds.
        loop {
            let letters: Vec<u8> = (0..length).map(|_| one_of(&all, random)).collect();
            let has_all = CLASSES.iter().all(|class| letters.iter().any(|letter| class.contains(letter)));
            if has_all {
                return Ok(Password(letters.into_iter().map(char::from).collect()));
            }
        }
    }

    /// Writes it to a new file `NAME` in a folder, and returns the file's path: before the password is given to AWS, so that
    /// it cannot be set and lost. The folder is made where it is not there; the file is there as a whole when this returns.
    ///
    /// # Errors
    /// Where others can look into the folder, where the file exists, or where it cannot be written.
    pub fn keep(&self, folder: &Path, name: &str) -> Result<PathBuf, PasswordError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error| PasswordError::Io { path, error }
        };
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed(folder))?;
        let mode = folder.metadata().map_err(failed(folder))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(PasswordError::FolderIsOpen(folder.to_owned()));
        }
        let path = folder.join(name);
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(failed(&path))?;
        let mut line = self.0.clone();
        line.push('\n');
        file.write_all(line.as_bytes()).and_then(|()| file.sync_all()).map_err(failed(&path))?;
        // The file's name lies in the folder, which is written by itself.
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed(folder))?;
        Ok(path)
    }

    /// Reads a password that an interrupted apply kept.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn kept(path: &Path) -> Result<Self, PasswordError> {
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|error| PasswordError::Io { path: path.to_owned(), error })?;
        Ok(Password(text.trim_end_matches('\n').to_owned()))
    }

    /// The text, for the one call that gives it to AWS.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

/// One of these at random, each as likely as the others: a byte that would favour the first ones is drawn again.
fn one_of(letters: &[u8], random: &mut dyn FnMut(&mut [u8])) -> u8 {
    let fair = 256 - 256 % letters.len();
    loop {
        let mut byte = [0];
        random(&mut byte);
        let drawn = usize::from(byte[0]);
        if drawn < fair {
            return letters[drawn % letters.len()];
        }
    }
}
