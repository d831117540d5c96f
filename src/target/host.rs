//! Whom a target asks: the host whose limits all requests to it share.

use super::scope::Ground;
use crate::suite::params::PARAMS;
use crate::suite::template::Template;
use reqwest::Url;

/// Whom a target asks, for limits that all requests to one host share. A host is its name and its port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host<'a> {
    /// No host: a program, a closure, a recording; or an address that cannot be told.
    Nobody,
    /// The same for every request.
    Fixed(&'a str),
    /// That of this request.
    Told(String),
}

/// The host of an address that is the same for every case; `None` where it hangs on the case.
pub(super) fn fixed(address: &Template, ground: &Ground) -> Option<String> {
    let scope = ground.without_a_case();
    if is_free_of_cases(address) {
        return of(&address.render_text(&scope).ok()?);
    }
    // A case that stands in the path only leaves the host as it is.
    let source = address.source().trim();
    let begin = source.find("://")? + 3;
    let end = begin + source[begin..].find(['/', '?', '#'])?;
    let front = Template::parse(&source[..end]).ok().filter(is_free_of_cases)?;
    of(&front.render_text(&scope).ok()?)
}

/// An address in which nothing of a case stands; `None` where something does, or where it is none.
pub(super) fn address(address: &Template, ground: &Ground) -> Option<Url> {
    let text = is_free_of_cases(address).then(|| address.render_text(&ground.without_a_case()).ok());
    Url::parse(text.flatten()?.trim()).ok()
}

/// The host of an address.
pub(super) fn of(address: &str) -> Option<String> {
    let url = Url::parse(address.trim()).ok()?;
    Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?))
}

fn is_free_of_cases(template: &Template) -> bool {
    let root = |path: &String| path.split('.').next().is_some_and(|root| ["serve", PARAMS].contains(&root));
    template.variables().iter().all(root)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{Closures, Context};
    use std::sync::Arc;

    fn host(address: &str) -> Option<String> {
        let ground = Ground::new(&Context {
            root: ".".into(),
            folder: ".".into(),
            secrets: Arc::default(),
            serve_port: Some(4000),
            params: Arc::default(),
            request_timeout: std::time::Duration::from_secs(1),
            closures: Closures::default(),
        });
        fixed(&Template::parse(address).unwrap(), &ground)
    }

    #[test]
    fn a_host_is_told_once_where_it_hangs_on_no_case() {
        for (address, expected) in [
            ("http://h/a", "h:80"),
            ("https://h", "h:443"),
            ("http://user:pass@H:81/a?b=1", "h:81"),
            ("http://[::1]:{{ serve.port }}/ask", "[::1]:4000"),
            ("http://h:81/a?q={{ input }}", "h:81"),
            ("http://127.0.0.1:{{ serve.port }}/{{ row.path }}", "127.0.0.1:4000"),
        ] {
            assert_eq!(host(address).as_deref(), Some(expected), "{address}");
        }
        for address in ["{{ row.url }}", "http://{{ row.host }}/a", "http://h{{ row.path }}", "no address"] {
            assert_eq!(host(address), None, "{address}");
        }
    }
}
