//! Names the assets by their content and compresses them once, so that the program only unpacks and serves them.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

const STYLES: &[&str] = &["tokens", "base", "layout", "components", "print"];

#[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment")]
fn main() {
    println!("cargo::rerun-if-changed=static");
    println!("cargo::rerun-if-changed=migrations");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let mut css = Vec::new();
    for name in STYLES {
        css.extend(read(Path::new(&format!("static/css/{name}.css"))));
    }
    let assets = [
        ("css", "portal", "css", css),
        ("js", "portal", "js", read(Path::new("static/js/portal.js"))),
        ("favicon", "favicon", "svg", read(Path::new("static/favicon.svg"))),
    ];
    let mut code = String::from("const ASSETS: &[Asset] = &[\n");
    let mut names = String::new();
    for (function, stem, ending, bytes) in assets {
        let digest: String = Sha256::digest(&bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let name = format!("{stem}.{digest}.{ending}");
        for (suffix, content) in [("", bytes.clone()), (".gz", gzip(&bytes)), (".br", brotli(&bytes))] {
            let file = out.join(format!("{name}{suffix}"));
            fs::write(&file, content).expect("OUT_DIR can be written");
            code.push_str(&format!("    Asset {{ name: {:?}, content: include_bytes!({file:?}) }},\n", format!("{name}{suffix}")));
        }
        names.push_str(&format!(
            "/// The path of the {function} asset.\npub fn {function}() -> &'static str {{\n    {:?}\n}}\n",
            format!("/static/{name}")
        ));
    }
    code.push_str("];\n");
    fs::write(out.join("assets.rs"), code + &names).expect("OUT_DIR can be written");
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    let mut reader = bytes;
    brotli::BrotliCompress(&mut reader, &mut compressed, &brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() })
        .expect("memory takes it");
    compressed
}
