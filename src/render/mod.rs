//! One `Report` in, bytes of one format out.
