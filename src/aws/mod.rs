//! The only place that knows the SDK's configuration and its errors.
