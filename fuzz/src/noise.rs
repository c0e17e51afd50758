//! Reproducible random choices (splitmix64), and mutations of texts and bytes.

pub(crate) struct Noise(pub(crate) u64);

impl Noise {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    pub(crate) fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    pub(crate) fn pick<'t, T>(&mut self, choices: &'t [T]) -> &'t T {
        &choices[self.below(choices.len())]
    }

    /// A text with letters taken out, put in, doubled or replaced.
    pub(crate) fn mutated(&mut self, text: &str) -> String {
        const LETTERS: &str =
            "0123456789.,'-+()%€$£ \u{a0}\u{202f}\t\n/:;=<>#\"\\[]{}aAeEéÜßоΩ中👍\u{200b}\u{feff}\u{0}";
        let letters: Vec<char> = LETTERS.chars().collect();
        let mut chars: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(4) {
            let at = self.below(chars.len() + 1);
            match self.below(5) {
                0 if at < chars.len() => drop(chars.remove(at)),
                1 if at < chars.len() => chars[at] = *self.pick(&letters),
                2 if at < chars.len() => chars.insert(at, chars[at]),
                3 => chars.truncate(at),
                _ => chars.insert(at, *self.pick(&letters)),
            }
        }
        chars.into_iter().collect()
    }

    /// Bytes cut, flipped, moved or set to what counts and offsets are set to.
    pub(crate) fn damaged(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        if bytes.is_empty() {
            return bytes;
        }
        for _ in 0..=self.below(8) {
            let at = self.below(bytes.len());
            let rest = bytes.len() - at;
            match self.below(8) {
                0 => bytes.truncate(at.max(1)),
                1 | 2 => bytes[at] ^= 1 << self.below(8),
                3 => bytes[at] = self.next() as u8,
                4 => bytes[at..at + rest.min(4)].fill(*self.pick(&[0, 0xFF, 0x7F, 0x80])),
                5 => {
                    let from = self.below(bytes.len());
                    let length = self.below(64).min(rest).min(bytes.len() - from);
                    bytes.copy_within(from..from + length, at);
                }
                6 => {
                    let word = (*self.pick(&[0_u32, 1, 2, 255, 65_535, 0x7FFF_FFFF, 0xFFFF_FFFE])).to_le_bytes();
                    let length = rest.min(4);
                    bytes[at..at + length].copy_from_slice(&word[..length]);
                }
                _ => drop(bytes.drain(at..at + self.below(16).min(rest))),
            }
            if bytes.is_empty() {
                break;
            }
        }
        bytes
    }
}
