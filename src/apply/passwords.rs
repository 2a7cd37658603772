//! Console passwords: each is in a new file of its own before AWS gets it, and nowhere else.

use std::path::{Path, PathBuf};

use super::Surprise;
use crate::change::{ChangeId, Digest};
use crate::operate::{Password, PasswordError};

/// Fills bytes from a source that is fit for secrets.
pub type Random = Box<dyn FnMut(&mut [u8]) + Send>;

/// Where passwords are kept, and what they are made of.
pub(super) struct Passwords {
    folder: Option<PathBuf>,
    random: Random,
}

impl Passwords {
    /// In this folder.
    pub(super) fn of(folder: Option<PathBuf>, random: Random) -> Self {
        Passwords { folder, random }
    }

    /// The file of a change's password. Its name has nothing from the plan but the change's id.
    pub(super) fn file(&self, plan: &Digest, change: &ChangeId) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(name(plan, change)))
    }

    /// The password of a change: a new one, or the one that an interrupted apply kept and did not send.
    pub(super) fn provide(&mut self, plan: &Digest, change: &ChangeId, minimum: usize) -> Result<Password, Surprise> {
        let folder: &Path = self.folder.as_deref().ok_or(Surprise::NoPasswordFolder)?;
        let file = folder.join(name(plan, change));
        if file.try_exists().map_err(|error| PasswordError::Io { path: file.clone(), error })? {
            return Ok(Password::kept(&file)?);
        }
        let password = Password::generate(minimum, &mut self.random)?;
        password.keep(folder, &name(plan, change))?;
        Ok(password)
    }
}

fn name(plan: &Digest, change: &ChangeId) -> String {
    format!("rollcall-{}-{change}", plan.short())
}
