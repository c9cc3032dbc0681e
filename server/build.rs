//! The demo content is embedded: look again when a file of it comes, changes or goes.

fn main() {
    println!("cargo:rerun-if-changed=demo");
}
