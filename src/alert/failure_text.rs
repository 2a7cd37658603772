//! A run that failed, and one that works again, as text and as a page for e-mail.

use askama::Template;

use super::mail_page::{MailPage, Tone};

#[derive(Template)]
#[template(path = "alert_failed.txt", escape = "none")]
pub(super) struct FailedText<'a> {
    pub(super) job: &'a str,
    pub(super) organization: String,
    pub(super) due: Option<String>,
    pub(super) run_id: &'a str,
    pub(super) now: String,
    pub(super) since: Option<String>,
    pub(super) last_audit: String,
    pub(super) may_repeat: bool,
    pub(super) is_overdue: bool,
    pub(super) input: &'static str,
    pub(super) place: Option<String>,
    pub(super) why: String,
    pub(super) help: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "alert_works_again.txt", escape = "none")]
pub(super) struct WorksText<'a> {
    pub(super) job: &'a str,
    pub(super) organization: String,
    pub(super) run_id: &'a str,
    pub(super) now: String,
    pub(super) since: String,
    pub(super) missed: Option<String>,
    pub(super) package: &'a str,
    pub(super) link: Option<&'a str>,
}

impl FailedText<'_> {
    pub(super) fn text(&self) -> String {
        self.render().expect("memory takes every text")
    }

    pub(super) fn page(&self) -> MailPage {
        let job = self.job;
        let (headline, effect) = match self.is_overdue {
            true => (format!("Job `{job}` is overdue"), None),
            false => (
                format!("The run of job `{job}` failed"),
                Some("Nothing was audited, or the report was not delivered.".to_owned()),
            ),
        };
        let optional = |label, value: Option<&str>| value.map(|value| (label, value.to_owned()));
        let facts = [
            Some(("What failed", self.input.to_owned())),
            optional("Where", self.place.as_deref()),
            Some(("Why", self.why.clone())),
            optional("To do", self.help),
            optional("Organization", Some(self.organization.as_str()).filter(|name| !name.is_empty())),
            optional("Scheduled", self.due.as_deref()),
            Some(("Failed", self.now.clone())),
            optional("Since", self.since.as_deref()),
            Some(("Run", self.run_id.to_owned())),
        ];
        let retried = "Rollcall retries until the run succeeds or until the job's next scheduled time.";
        let lead = effect.into_iter().chain([self.last_audit.clone()]);
        let repeat = "An earlier message may have said the same: Rollcall could not read what it had sent before.";
        let after = [
            self.due.is_some().then_some(retried),
            Some("The same cause is reported again after 24 hours. The recovery is reported once."),
            self.may_repeat.then_some(repeat),
        ];
        MailPage {
            tone: Tone::Bad,
            headline,
            lead: lead.collect(),
            link: None,
            facts: facts.into_iter().flatten().collect(),
            sections: vec![MailPage::notes("What happens next", after.into_iter().flatten())],
        }
    }
}

impl WorksText<'_> {
    pub(super) fn text(&self) -> String {
        self.render().expect("memory takes every text")
    }

    pub(super) fn page(&self) -> MailPage {
        let since = &self.since;
        let lead = match &self.missed {
            Some(missed) => format!("It missed {missed}; the first was due at {since}."),
            None => format!("It had been failing since {since}."),
        };
        let organization = (!self.organization.is_empty()).then(|| ("Organization", self.organization.clone()));
        let facts = [
            organization,
            Some(("Done", self.now.clone())),
            Some(("Run", self.run_id.to_owned())),
            Some(("Report", format!("{}/report.html", self.package))),
        ];
        MailPage {
            tone: Tone::Good,
            headline: format!("Job `{}` works again", self.job),
            lead: vec![lead],
            link: self.link.map(str::to_owned),
            facts: facts.into_iter().flatten().collect(),
            sections: Vec::new(),
        }
    }
}
