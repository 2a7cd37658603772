//! What the rows say of the people, before it is put together.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::nodes::Node;
use crate::expect::records::directory_records::Entry;
use crate::model::{Employment, Gap, StatedEmployment};

/// What the rows say of the people, by object.
#[derive(Debug, Default)]
pub(super) struct Said<'a> {
    /// Each row of a person, with its object and what it says.
    pub(super) rows: Vec<(&'a Entry, Node, Option<Employment>)>,
    /// By object: what rows say of it.
    pub(super) statements: BTreeMap<Node, Vec<StatedEmployment>>,
    /// By object: why nobody can say whether it has left.
    pub(super) doubts: BTreeMap<Node, Arc<Gap>>,
}
