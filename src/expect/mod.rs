//! Bytes of expected lists in, one `Expectation` out.
