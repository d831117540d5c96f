//! Which definitions of the published metrics are the ones measured by.

/// Version of the definitions. A change of what a name means changes it, so that values measured in
/// another way are never compared.
pub const fn definitions_version() -> &'static str {
    "metrics-1"
}
