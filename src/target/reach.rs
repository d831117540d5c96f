//! Whether asking a target leaves this machine.

use super::scope::Ground;
use crate::suite::schema::TargetSpec;
use crate::suite::secret::Secrets;
use crate::suite::template::Template;
use crate::suite::{Params, Suite};
use reqwest::Url;
use std::net::IpAddr;

/// Whether a target has an address beyond loopback. Programs, closures and recordings have none. An
/// address that cannot be told (its environment is not set, or it depends on the case) counts as
/// beyond.
fn is_beyond_loopback(spec: &TargetSpec, params: &Params) -> bool {
    let Some(address) = spec.http.as_ref().or(spec.chat.as_ref()) else { return false };
    !host(address, params).is_some_and(|host| is_loopback(&host))
}

/// The same of a suite: of its target, and of the models that its judges ask.
pub fn leaves_loopback(suite: &Suite) -> bool {
    let mut models = suite.judges.iter().flat_map(|judge| judge.described.values());
    is_beyond_loopback(&suite.spec.target, &suite.params)
        || models.any(|model| !host(&model.base_url, &suite.params).is_some_and(|host| is_loopback(&host)))
}

/// The host of an address, its environment, the parameters and the served port filled in.
fn host(address: &str, params: &Params) -> Option<String> {
    let template = Template::parse(address).ok()?;
    let (secrets, missing) = Secrets::gather(template.env().iter().cloned(), |name| std::env::var(name).ok());
    if !missing.is_empty() {
        return None;
    }
    // Any port will do: only the host is looked at.
    let text = template.render_text(&Ground::bare(&secrets, params, Some(1))).ok()?;
    Url::parse(&text).ok()?.host_str().map(str::to_owned)
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    address.parse::<IpAddr>().map_or(host == "localhost", |address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn http(address: &str) -> TargetSpec {
        TargetSpec { http: Some(address.to_owned()), ..TargetSpec::default() }
    }

    #[test]
    fn loopback_is_told_by_the_host_alone() {
        for address in [
            "http://127.0.0.1:80/a",
            "http://127.9.9.9/a",
            "http://[::1]:80/a",
            "http://localhost/a",
            "http://127.0.0.1:{{ serve.port }}/a",
        ] {
            assert!(!is_beyond_loopback(&http(address), &Params::default()), "{address}");
        }
        for address in [
            "http://192.0.2.1/a",
            "https://example.org/127.0.0.1",
            "http://127.0.0.1.example.org/",
            "http://localhost.example.org/",
            "http://{{ row.host }}/a",
            "not an address",
        ] {
            assert!(is_beyond_loopback(&http(address), &Params::default()), "{address}");
        }
    }

    #[test]
    fn what_has_no_address_stays_here() {
        let spec = TargetSpec { in_process: Some("app".into()), ..TargetSpec::default() };
        assert!(!is_beyond_loopback(&spec, &Params::default()));
    }
}
