//! The words of other languages for whether somebody is there, as personnel departments write them. Words that may mean
//! two things are left out: Spanish `de baja` is said of the sick and of leavers, German `gekündigt` before the last day.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// What a word says of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Somebody who works here, or whose account exists: one that is locked or asks for a new password ends nothing.
    There,
    /// Somebody who has left, or whose account was shut.
    Gone,
    /// Somebody who has not begun, or whose account was never activated.
    NotYet,
}

/// Without blanks, hyphens and marks over letters.
const WORDS: [(Status, &[&str]); 18] = [
    // German
    (
        Status::There,
        &["aktiv", "angestellt", "beschaftigt", "beschaeftigt", "probezeit", "inprobezeit", "beurlaubt", "elternzeit"],
    ),
    (Status::There, &["inelternzeit", "mutterschutz", "krank", "freigestellt"]),
    (
        Status::Gone,
        &["inaktiv", "nichtaktiv", "ausgetreten", "ausgeschieden", "deaktiviert", "gesperrt", "entlassen", "geloscht"],
    ),
    (Status::Gone, &["geloescht", "ehemalig", "ehemaliger", "ehemalige", "pensioniert", "verstorben"]),
    (Status::NotYet, &["zukunftig", "zukuenftig", "nochnichteingetreten"]),
    // French
    (Status::There, &["actif", "enposte", "enconge", "congematernite", "congeparental", "periodedessai"]),
    (
        Status::Gone,
        &["inactif", "parti", "partie", "sorti", "sortie", "licencie", "licenciee", "retraite", "retraitee"],
    ),
    (Status::Gone, &["desactive", "desactivee", "supprime", "supprimee", "bloque", "suspendu", "suspendue", "decede"]),
    // Spanish
    (Status::There, &["activo", "activa", "enlicencia", "vacaciones", "devacaciones"]),
    (Status::Gone, &["inactivo", "inactiva", "cesado", "cesada", "despedido", "despedida", "jubilado", "jubilada"]),
    (Status::Gone, &["exempleado", "desactivado", "desactivada", "bloqueado", "bloqueada", "suspendido", "terminado"]),
    // Italian
    (Status::There, &["attivo", "attiva", "incongedo", "inaspettativa", "inmaternita"]),
    (Status::Gone, &["inattivo", "inattiva", "cessato", "cessata", "licenziato", "licenziata", "dimesso", "dimessa"]),
    (Status::Gone, &["disattivato", "disattivata", "sospeso", "sospesa", "bloccato", "pensionato", "pensionata"]),
    // Dutch
    (Status::There, &["actief", "indienst", "verlof", "metverlof", "proeftijd"]),
    (
        Status::Gone,
        &[
            "inactief",
            "nietactief",
            "uitdienst",
            "vertrokken",
            "ontslagen",
            "gepensioneerd",
            "gedeactiveerd",
            "geblokkeerd",
        ],
    ),
    // Portuguese
    (Status::There, &["ativo", "ativa", "delicenca", "ferias", "deferias"]),
    (
        Status::Gone,
        &[
            "inativo",
            "inativa",
            "desligado",
            "desligada",
            "demitido",
            "demitida",
            "aposentado",
            "aposentada",
            "desativado",
        ],
    ),
];

/// What a word says, given in the form in which names of columns are compared; `None` where it is not known.
pub(super) fn of(word: &str) -> Option<Status> {
    let plain: String = word.nfkd().filter(|char| !is_combining_mark(*char) && !matches!(char, '\'' | '’')).collect();
    WORDS.iter().find(|(_, words)| words.contains(&plain.as_str())).map(|(status, _)| *status)
}
