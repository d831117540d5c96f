//! Personal data and secrets: none may enter a variant but from the ranges reserved for examples.

use crate::suite::secret::Secrets;
use regex::Regex;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

static SHAPES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?P<email> [A-Za-z0-9._%+-]+ @ (?P<domain> [A-Za-z0-9-]+ (?: \. [A-Za-z0-9-]+ )+ ) )
        | (?P<iban> \b [A-Z]{2} [0-9]{2} (?: [\ ]? [A-Z0-9]{4} ){2,7} (?: [\ ]? [A-Z0-9]{1,3} )? \b )
        | (?P<ip> \b [0-9]{1,3} (?: \. [0-9]{1,3} ){3} \b )
        | (?P<ssn> \b [0-9]{3} - [0-9]{2} - [0-9]{4} \b )
        | (?P<digits> \+? \(? [0-9] [0-9\ ().\/-]{6,24} [0-9] )
        ",
    )
    .unwrap_or_else(|error| unreachable!("the pattern is tested: {error}"))
});

/// Numbers of cards that issuers publish for tests.
const TEST_CARDS: [&str; 6] = [
    "4111111111111111",
    "4242424242424242",
    "5555555555554444",
    "378282246310005",
    "6011111111111117",
    "4000056655665556",
];
/// Bytes of the shortest word that is looked at for a secret.
const SHORTEST_SECRET: usize = 14;
/// Accounts that documentation uses.
const EXAMPLE_IBANS: [&str; 4] = [
    "GB82WEST12345698765432",
    "DE89370400440532013000",
    "FR1420041010050500013M02606",
    "CH9300762011623852957",
];

/// A kind of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Personal {
    /// An e-mail address.
    Email,
    /// An account number (IBAN).
    Account,
    /// An address on the internet (IPv4).
    Address,
    /// A social security number of the United States.
    SocialSecurity,
    /// The number of a payment card.
    Card,
    /// A telephone number.
    Telephone,
}

/// What of a text is personal data that belongs to no range reserved for examples, in order.
pub fn personal_data(text: &str) -> Vec<(Range<usize>, Personal)> {
    // Most texts have no digit and no @, and need no search.
    if !text.bytes().any(|byte| byte == b'@' || byte.is_ascii_digit()) {
        return Vec::new();
    }
    let kind = |found: &regex::Captures<'_>| {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        if let Some(domain) = found.name("domain") {
            return (!is_reserved_domain(domain.as_str())).then_some(Personal::Email);
        }
        if let Some(iban) = found.name("iban") {
            let iban: String = iban.as_str().split(' ').collect();
            let is_real = has_iban_sum(&iban) && !EXAMPLE_IBANS.contains(&iban.as_str());
            return is_real.then_some(Personal::Account);
        }
        if let Some(ip) = found.name("ip") {
            return is_public_address(ip.as_str()).then_some(Personal::Address);
        }
        if let Some(number) = found.name("ssn") {
            return is_issued_ssn(&digits(number.as_str())).then_some(Personal::SocialSecurity);
        }
        let number = found.name("digits")?;
        let plain = digits(number.as_str());
        let card = is_card(&plain).then_some(Personal::Card);
        card.or_else(|| is_telephone(number.as_str(), &plain).then_some(Personal::Telephone))
    };
    SHAPES.captures_iter(text).filter_map(|found| Some((found.get(0)?.range(), kind(&found)?))).collect()
}

fn personal(text: &str) -> BTreeSet<&str> {
    personal_data(text).into_iter().map(|(range, _)| &text[range]).collect()
}

/// Whether a variant has personal data that its source does not have.
pub(crate) fn adds_personal_data(source: &str, variant: &str) -> bool {
    let found = personal(variant);
    !found.is_empty() && !found.is_subset(&personal(source))
}

/// Whether a variant has what looks like a secret, and its source does not.
pub(crate) fn adds_secret(source: &str, variant: &str) -> bool {
    static SHAPES: LazyLock<Secrets> = LazyLock::new(Secrets::default);
    // A known shape is a long word, or stands behind a `:` or `=`; most texts have neither.
    let may_have = |word: &str| word.len() >= SHORTEST_SECRET || word.contains([':', '=']);
    if !variant.split_ascii_whitespace().any(may_have) {
        return false;
    }
    let has = |text: &str| matches!(SHAPES.redact(text), Cow::Owned(_));
    has(variant) && !has(source)
}

/// Domains that RFC 2606 and RFC 6761 keep for examples.
fn is_reserved_domain(domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    let below = |top: &str| domain == top || domain.strip_suffix(top).is_some_and(|rest| rest.ends_with('.'));
    ["example.com", "example.net", "example.org", "example", "test", "invalid", "localhost"]
        .into_iter()
        .any(below)
}

/// Whether the check digits of an account number are right (ISO 13616: mod 97 is 1).
fn has_iban_sum(iban: &str) -> bool {
    if !(15..=34).contains(&iban.len()) {
        return false;
    }
    let turned = iban[4..].bytes().chain(iban[..4].bytes());
    let rest = turned.fold(0_u32, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte.to_ascii_uppercase() - b'A' + 10)) % 97,
    });
    rest == 1
}

/// Whether digits are the number of a payment card (13 to 19 of them, Luhn's sum right).
fn is_card(digits: &str) -> bool {
    if !(13..=19).contains(&digits.len()) || TEST_CARDS.contains(&digits) {
        return false;
    }
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte - b'0');
            if at % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
        })
        .sum();
    sum.is_multiple_of(10) && digits.bytes().any(|byte| byte != b'0')
}

/// Whether a number looks like one that someone may be called at. Those kept for fiction are not: 555-0100
/// to 555-0199 in North America, and Ofcom's 01632 960 and 07700 900 in the United Kingdom.
fn is_telephone(written: &str, digits: &str) -> bool {
    let marked = written.starts_with('+') || written.starts_with('(') || written.starts_with("00");
    let grouped = written.matches([' ', '-', '.']).count() >= 2 && digits.len() >= 10;
    if !(9..=15).contains(&digits.len()) || !(marked || grouped) {
        return false;
    }
    let fiction = ["55501", "1632960", "7700900"];
    !fiction.iter().any(|range| digits.contains(range))
}

/// Whether a social security number can have been issued (those beginning with 000, 666 or 9 are not, nor
/// those with a group of zeros).
fn is_issued_ssn(digits: &str) -> bool {
    let (area, group, serial) = (&digits[..3], &digits[3..5], &digits[5..]);
    !(area == "000" || area == "666" || area.starts_with('9') || group == "00" || serial == "0000")
}

/// Whether an address belongs to somebody: not to a private network, nor to documentation (RFC 5737).
fn is_public_address(address: &str) -> bool {
    let Ok(address) = address.parse::<std::net::Ipv4Addr>() else { return false };
    !(address.is_private()
        || address.is_loopback()
        || address.is_documentation()
        || address.is_link_local()
        || address.is_unspecified()
        || address.is_broadcast()
        || address.is_multicast())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_of_real_people_is_seen_and_examples_are_not() {
        for text in [
            "write to jo.smith@gmail.com",
            "card 4539 1488 0343 6467",
            "pay to DE44 5001 0517 5407 3249 31",
            "my number is 219-09-9999",
            "call +44 20 7123 4567",
            "call (212) 736-5000",
            "the server at 8.8.8.8",
        ] {
            assert_eq!(personal(text).len(), 1, "{text}");
        }
        for text in [
            "write to jo@example.com or a@mail.example",
            "card 4111 1111 1111 1111",
            "card 4539 1488 0343 6468",
            "pay to DE89 3704 0044 0532 0130 00",
            "number 000-12-3456",
            "call +1 212 555 0123",
            "call 07700 900123",
            "the server at 192.0.2.7 or 10.0.0.1",
            "order 12345678, 2026-11-21, 14:30, v1.2.3, 1 234 567",
            "nothing here",
        ] {
            assert!(personal(text).is_empty(), "{text}: {:?}", personal(text));
        }
    }

    #[test]
    fn what_the_source_has_already_is_the_teams_own() {
        let source = "write to jo.smith@gmail.com";
        assert!(!adds_personal_data(source, "pleas write to jo.smith@gmail.com"));
        assert!(adds_personal_data(source, "write to jo.smyth@gmail.com"));
    }

    #[test]
    fn secrets_are_seen_by_their_shape() {
        let key = ["AKIA", "IOSFODNN7EXAMPLE"].concat();
        assert!(adds_secret("use the key", &format!("use {key}")));
        assert!(!adds_secret(&format!("use {key}"), &format!("please use {key}")));
        assert!(!adds_secret("use the key", "use the kye"));
    }
}
