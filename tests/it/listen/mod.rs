//! Events, and what follows from them.

mod events;
mod hostile;
