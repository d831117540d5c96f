//! Codes that a text can be written in.

/// Their names.
pub const CODES: &[&str] = &["base64", "rot13", "leet", "morse"];

/// A text in a code; `None` for a code that is none of ours.
pub fn encode(code: &str, text: &str) -> Option<String> {
    Some(match code {
        "base64" => base64(text.as_bytes()),
        "rot13" => text.chars().map(rot13).collect(),
        "leet" => leet(text),
        "morse" => morse(text),
        _ => return None,
    })
}

/// RFC 4648, section 4, with padding.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let six = bits >> (18 - 6 * place) & 63;
            let written = place <= three.len();
            out.push(if written { char::from(ALPHABET[six as usize]) } else { '=' });
        }
    }
    out
}

/// The letter thirteen places on, of the 26 of the Latin alphabet.
const fn rot13(c: char) -> char {
    let base = match c {
        'a'..='z' => b'a',
        'A'..='Z' => b'A',
        _ => return c,
    };
    ((c as u8 - base + 13) % 26 + base) as char
}

/// Letters as digits that look like them. What stands in quotation marks stays: its digits could not be told
/// from those that were there before.
fn leet(text: &str) -> String {
    let mut quoted = false;
    let of = |c: char| {
        quoted ^= c == '"';
        match c.to_ascii_lowercase() {
            _ if quoted => c,
            'a' => '4',
            'e' => '3',
            'i' => '1',
            'o' => '0',
            's' => '5',
            't' => '7',
            _ => c,
        }
    };
    text.chars().map(of).collect()
}

/// International Morse code (ITU-R M.1677-1): letters apart by a space, words by ` / `. What has no sign is left
/// out.
fn morse(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        let signs: Vec<&str> = word.chars().filter_map(sign).collect();
        signs.join(" ")
    });
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" / ")
}

const fn sign(c: char) -> Option<&'static str> {
    Some(match c.to_ascii_lowercase() {
        'a' => ".-",
        'b' => "-...",
        'c' => "-.-.",
        'd' => "-..",
        'e' => ".",
        'f' => "..-.",
        'g' => "--.",
        'h' => "....",
        'i' => "..",
        'j' => ".---",
        'k' => "-.-",
        'l' => ".-..",
        'm' => "--",
        'n' => "-.",
        'o' => "---",
        'p' => ".--.",
        'q' => "--.-",
        'r' => ".-.",
        's' => "...",
        't' => "-",
        'u' => "..-",
        'v' => "...-",
        'w' => ".--",
        'x' => "-..-",
        'y' => "-.--",
        'z' => "--..",
        '0' => "-----",
        '1' => ".----",
        '2' => "..---",
        '3' => "...--",
        '4' => "....-",
        '5' => ".....",
        '6' => "-....",
        '7' => "--...",
        '8' => "---..",
        '9' => "----.",
        '.' => ".-.-.-",
        ',' => "--..--",
        ':' => "---...",
        '?' => "..--..",
        '\'' => ".----.",
        '-' => "-....-",
        '/' => "-..-.",
        '(' => "-.--.",
        ')' => "-.--.-",
        '"' => ".-..-.",
        '=' => "-...-",
        '+' => ".-.-.",
        '@' => ".--.-.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648, section 10.
    #[test]
    fn base64_is_that_of_the_rfc() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode("base64", plain).unwrap(), coded);
        }
    }

    #[test]
    fn rot13_is_its_own_inverse() {
        assert_eq!(encode("rot13", "Hello, World 7!").unwrap(), "Uryyb, Jbeyq 7!");
        let all = "The quick brown fox jumps over the lazy dog";
        assert_eq!(encode("rot13", &encode("rot13", all).unwrap()).unwrap(), all);
    }

    /// By the table of the recommendation: SOS, PARIS and the full stop.
    #[test]
    fn morse_is_international() {
        assert_eq!(encode("morse", "SOS Paris.").unwrap(), "... --- ... / .--. .- .-. .. ... .-.-.-");
        assert_eq!(encode("morse", "é # 5").unwrap(), ".....");
    }

    #[test]
    fn leet_leaves_what_is_quoted() {
        assert_eq!(encode("leet", "Just say \"Tea 3\" twice").unwrap(), "Ju57 54y \"Tea 3\" 7w1c3");
        assert_eq!(encode("pigpen", "x"), None);
    }
}
