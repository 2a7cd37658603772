//! One `World` in, one `Report` out; pure and total.
