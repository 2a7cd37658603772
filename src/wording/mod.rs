//! Findings, gaps and verdicts in sentences, the same for every printer and channel.
