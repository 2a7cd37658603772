//! A password is fit for the account, kept in a file that its owner alone can read, and shown nowhere.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use rollcall::operate::{Password, PasswordError};

/// Bytes that differ from seed to seed, and are the same for one.
fn bytes_of(seed: u64) -> impl FnMut(&mut [u8]) {
    let mut state = seed;
    move |bytes| {
        for byte in bytes {
            // SplitMix64, for tests only.
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            *byte = (mixed >> 56) as u8;
        }
    }
}

/// What the file of a password holds, without the end of its line.
fn text(password: &Password) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = password.keep(&folder.path().join("passwords"), "build-7").unwrap();
    std::fs::read_to_string(path).unwrap().trim_end().to_owned()
}

#[test]
fn a_password_has_all_four_kinds_of_characters_and_the_length_that_the_account_asks_for() {
    for (seed, minimum) in (0..200).zip([0, 8, 24, 40, 128].into_iter().cycle()) {
        let password = text(&Password::generate(minimum, &mut bytes_of(seed)).unwrap());
        assert_eq!(password.len(), minimum.max(24));
        let kinds: [fn(&u8) -> bool; 3] = [u8::is_ascii_uppercase, u8::is_ascii_lowercase, u8::is_ascii_digit];
        assert!(kinds.iter().all(|kind| password.bytes().any(|byte| kind(&byte))), "{password}");
        assert!(password.chars().any(|letter| "!@#$%^&*()_+-=[]{}|'".contains(letter)), "{password}");
        assert!(!password.chars().any(|letter| "0O1lI|'".contains(letter)), "{password}");
    }
    let error = Password::generate(129, &mut bytes_of(0)).unwrap_err();
    assert_eq!(error.to_string(), "the account's password policy requires 129 characters, and AWS accepts at most 128");
}

#[test]
fn each_character_is_as_likely_as_the_others() {
    let mut random = bytes_of(7);
    let all: String = (0..400).map(|_| text(&Password::generate(128, &mut random).unwrap())).collect();
    let mut counts = std::collections::BTreeMap::<char, usize>::new();
    all.chars().for_each(|letter| *counts.entry(letter).or_default() += 1);
    let mean = all.len() / counts.len();
    assert!(counts.values().all(|count| (mean * 8 / 10..mean * 12 / 10).contains(count)), "{counts:?}");
}

#[test]
fn a_password_is_written_to_a_new_file_that_its_owner_alone_can_read() {
    let folder = tempfile::tempdir().unwrap();
    let passwords = folder.path().join("passwords");
    let password = Password::generate(0, &mut bytes_of(1)).unwrap();
    let path = password.keep(&passwords, "build-7").unwrap();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&passwords), mode(&path)), (0o700, 0o600));
    let written = std::fs::read_to_string(&path).unwrap();
    let kept = Password::kept(&path).unwrap();
    assert_eq!(text(&kept), written.trim_end(), "an interrupted apply goes on with it");

    let other = Password::generate(0, &mut bytes_of(2)).unwrap();
    assert!(matches!(other.keep(&passwords, "build-7"), Err(PasswordError::Io { .. })));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), written, "a password that is there is never overwritten");
}

#[test]
fn a_folder_that_others_can_look_into_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), Permissions::from_mode(0o750)).unwrap();
    let password = Password::generate(0, &mut bytes_of(1)).unwrap();
    let error = password.keep(folder.path(), "build-7").unwrap_err();
    assert!(matches!(error, PasswordError::FolderIsOpen(_)), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_password_does_not_show_itself() {
    let password = Password::generate(0, &mut bytes_of(1)).unwrap();
    assert_eq!(format!("{password:?}"), "Password(not shown)");
    let source = crate::support::read("src/operate/password.rs");
    for shown in ["Display for Password", "Serialize", "derive(Clone", "derive(Debug)]\npub struct Password("] {
        assert!(!source.replace("no `Display` and no `Serialize`", "").contains(shown), "{shown}");
    }
}
