//! The encodings that a text may travel in: percent-encoding and base64.

/// Percent-encodes everything but the unreserved characters of RFC 3986, so that the text can stand
/// anywhere in an address.
pub(crate) fn percent(text: &str) -> String {
    percent_with(text, "%20")
}

/// As [`percent`], with `+` for a space, as forms are sent.
pub(crate) fn form(text: &str) -> String {
    percent_with(text, "+")
}

fn percent_with(text: &str, space: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            b' ' => encoded.push_str(space),
            _ => {
                encoded.push('%');
                encoded.push(char::from(DIGITS[usize::from(byte >> 4)]));
                encoded.push(char::from(DIGITS[usize::from(byte & 15)]));
            }
        }
    }
    encoded
}

/// Base64 without padding, in the standard alphabet or the one that is safe in addresses.
pub(crate) fn base64(bytes: &[u8], url_safe: bool) -> String {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let digit = |six: u32| match six & 63 {
        62 => {
            if url_safe {
                '-'
            } else {
                '+'
            }
        }
        63 => {
            if url_safe {
                '_'
            } else {
                '/'
            }
        }
        low => char::from(LETTERS[low as usize]),
    };
    let mut encoded = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let three = (u32::from(chunk[0]) << 16)
            | (u32::from(chunk.get(1).copied().unwrap_or(0)) << 8)
            | u32::from(chunk.get(2).copied().unwrap_or(0));
        for place in 0..=chunk.len() {
            encoded.push(digit(three >> (18 - 6 * place)));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_gives_the_vectors_of_rfc_4648() {
        for (plain, encoded) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes(), false), encoded);
        }
        assert_eq!(base64(&[0xfb, 0xff], false), "+/8");
        assert_eq!(base64(&[0xfb, 0xff], true), "-_8");
    }

    #[test]
    fn percent_encoding_leaves_only_unreserved_characters() {
        assert_eq!(percent("a-b_c.d~ &/ü"), "a-b_c.d~%20%26%2F%C3%BC");
        assert_eq!(form("a b&c"), "a+b%26c");
    }
}
