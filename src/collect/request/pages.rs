//! The pages of one listing so far, and how it goes on.

use crate::aws::failure::Failure;
use crate::aws::pagination::Tokens;
use crate::collect::api::responses::Answer;

/// The pages of one listing so far.
pub(crate) struct Pages<A> {
    pub(crate) answers: Vec<A>,
    pub(crate) next: Next,
    tokens: Tokens,
}

/// How a listing goes on.
pub(crate) enum Next {
    /// With the page of this token; without one, with the first.
    Page(Option<String>),
    /// The last page was its end.
    Whole,
    /// The last page announced another and did not say which.
    Cut,
    /// The last page gave a token that an earlier one gave.
    Repeated(Failure),
}

impl<A: Answer> Pages<A> {
    pub(crate) fn of(answers: Vec<A>) -> Self {
        let mut pages = Pages { answers: Vec::new(), next: Next::Page(None), tokens: Tokens::default() };
        answers.into_iter().for_each(|answer| pages.add(answer));
        pages
    }

    pub(crate) fn add(&mut self, answer: A) {
        self.next = match self.tokens.next(answer.next()) {
            Ok(Some(token)) => Next::Page(Some(token)),
            Ok(None) if answer.next().is_some() => Next::Cut,
            Ok(None) => Next::Whole,
            Err(repeated) => Next::Repeated(repeated),
        };
        self.answers.push(answer);
    }

    /// The number of the last page.
    pub(crate) fn number(&self) -> u32 {
        u32::try_from(self.answers.len()).expect("no listing has four billion pages")
    }
}
