//! Passwords of protected workbooks: never printed, never stored.

use std::fmt;

/// Environment variable that holds one.
pub const VARIABLE: &str = "KEEPTABS_PASSWORD";

/// Passwords to try, in their order.
#[derive(Clone, Default)]
pub struct Passwords(Vec<String>);

impl Passwords {
    /// A password a line, as a file holds them; blank lines are none.
    pub fn of_lines(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
    }

    /// Each in its order, for a reader to try.
    pub fn exposed(&self) -> &[String] {
        &self.0
    }
}

impl FromIterator<String> for Passwords {
    fn from_iter<I: IntoIterator<Item = String>>(passwords: I) -> Self {
        Self(passwords.into_iter().collect())
    }
}

impl Extend<String> for Passwords {
    fn extend<I: IntoIterator<Item = String>>(&mut self, passwords: I) {
        self.0.extend(passwords);
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Passwords({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_passwords_and_nobody_sees_them() {
        let passwords = Passwords::of_lines("\u{feff}first\r\n\n two words \nlast");
        assert_eq!(passwords.exposed(), ["first", " two words ", "last"]);
        assert_eq!(format!("{passwords:?}"), "Passwords(3)");
    }
}
