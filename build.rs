//! The commit for `keeptabs --version`: given by who packages (KEEPTABS_COMMIT), else git's in a release build of a checkout.
//! Development builds carry none, so that a commit does not make them anew. No commit, no git: the version alone.

use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=KEEPTABS_COMMIT");
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let given = env::var("KEEPTABS_COMMIT").ok().filter(|commit| !commit.is_empty());
    let release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = given.or_else(|| if release { of_checkout() } else { None });
    let version = commit.map_or(version.clone(), |commit| format!("{version} ({commit})"));
    println!("cargo::rustc-env=KEEPTABS_VERSION={version}");
    println!("cargo::rustc-env=KEEPTABS_BUILD={:016x}", of_source());
    pack_dictionary();
}

/// Half a megabyte of words is a quarter of that in the program.
fn pack_dictionary() {
    let words = fs::read("src/mapping/dictionary.toml").expect("the dictionary is part of the source");
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::best());
    let packed = packed.write_all(&words).and_then(|()| packed.finish()).expect("memory takes everything");
    let folder = env::var_os("OUT_DIR").expect("cargo names it");
    fs::write(Path::new(&folder).join("dictionary.deflate"), packed).expect("cargo's own folder can be written to");
}

/// Tells builds of other source apart: what one has written or kept, another must not take for its own.
fn of_source() -> u64 {
    let mut hasher = DefaultHasher::new();
    for path in ["build.rs", "Cargo.toml", "Cargo.lock", "src"] {
        println!("cargo::rerun-if-changed={path}");
        add(Path::new(path), &mut hasher);
    }
    hasher.finish()
}

fn add(path: &Path, hasher: &mut DefaultHasher) {
    path.hash(hasher);
    if let Ok(content) = fs::read(path) {
        content.hash(hasher);
        return;
    }
    let mut below: Vec<_> = fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    below.sort();
    below.iter().for_each(|path| add(path, hasher));
}

/// The commit of this folder's own checkout; a folder inside somebody else's has none.
fn of_checkout() -> Option<String> {
    let here = Path::new(&env::var("CARGO_MANIFEST_DIR").ok()?).canonicalize().ok()?;
    let top = Path::new(&git(&["rev-parse", "--show-toplevel"])?).canonicalize().ok()?;
    // the log of HEAD is written at each commit and checkout
    let log = git(&["rev-parse", "--git-path", "logs/HEAD"])?;
    println!("cargo::rerun-if-changed={log}");
    (here == top).then(|| git(&["rev-parse", "--short=9", "HEAD"])).flatten()
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
