use reqwest::Method;

use super::*;

/// What is refused, and the sentence.
fn bad_files() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let cut = chime()[..1000].to_vec();
    let mut huge_claim = chime();
    huge_claim[40..44].copy_from_slice(&0x7fff_fff0u32.to_le_bytes());
    vec![
        ("greeting.wav", b"<!doctype html><title>Hello</title>".to_vec(), "This is no sound file. Choose a WAV or MP3 file."),
        ("greeting.mp3", b"Thank you for calling Acme.".to_vec(), "This is no sound file. Choose a WAV or MP3 file."),
        ("logo.wav", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01".to_vec(), "This is no sound file. Choose a WAV or MP3 file."),
        ("film.wav", b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41".to_vec(), "This is a video. Save its sound as WAV or MP3 and choose that file."),
        ("film.webm", b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01".to_vec(), "This is a video. Save its sound as WAV or MP3 and choose that file."),
        ("voice.mp3", b"OggS\0\x02\0\0".to_vec(), "This is Ogg sound. Save it as WAV or MP3 and choose that file."),
        ("voice.mp3", b"fLaC\0\0\0\x22".to_vec(), "This is FLAC sound. Save it as WAV or MP3 and choose that file."),
        ("voice.mp3", b"\0\0\0\x20ftypM4A \0\0\0\0".to_vec(), "This is M4A sound. Save it as WAV or MP3 and choose that file."),
        ("cut.wav", cut, "The file is damaged or was cut short. Save it again as WAV or MP3."),
        ("claims.wav", huge_claim, "The file is damaged or was cut short. Save it again as WAV or MP3."),
        ("long.wav", sample(185), "The greeting is 3:05 long; it may be 2:00 at most. Make it shorter."),
        ("large.wav", sample(656), "The file is larger than 10 MiB. Save it as MP3, or make it shorter."),
        ("empty.wav", Vec::new(), "The file is empty. Choose a WAV or MP3 file with sound in it."),
        ("", Vec::new(), "Choose a WAV or MP3 file."),
    ]
}

#[test]
fn r44_what_is_no_greeting_is_refused_with_its_reason_and_the_old_one_stays() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let (old, none) = (group(&world, world.ada.account, "Old"), group(&world, world.ada.account, "None"));
    take(&ada, old, "old.wav", &chime());
    assert_eq!(ada.get("/profile").flash(), "The greeting is saved. It is 0:02 long.");
    let before = files(&world);
    for (called, bytes, sentence) in bad_files() {
        for id in [old, none] {
            let page = world.unchanged(called, || upload(&ada, id, called, &bytes));
            assert_eq!(said(&ada, &page), sentence, "{called}: {}", page.status);
            assert_eq!(files(&world), before, "{called} leaves something behind");
        }
        assert_eq!(ada.get(&path(old)).bytes, chime());
        assert_eq!(ada.get(&path(none)).status, 404);
    }
}

#[test]
fn t17_far_too_much_is_answered_all_the_same() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = group(&world, world.ada.account, "Sales");
    let page = upload(&ada, sales, "film.mov", &vec![7; 48 << 20]);
    assert!(said(&ada, &page).starts_with("The file is larger than 10 MiB."), "{}", page.status);
    assert!(files(&world).is_empty());
}

#[test]
fn t17_an_upload_that_is_no_form_or_not_whole_is_refused() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = group(&world, world.ada.account, "Sales");
    let send = |kind: &str, body: &'static [u8]| {
        let request = ada.request(Method::POST, &path(sales)).header("Sec-Fetch-Site", "same-origin").header("Content-Type", kind).body(body);
        world.unchanged(kind, || ada.send(request)).status
    };
    assert_eq!(send("audio/wav", b"RIFF"), 400);
    assert_eq!(send("multipart/form-data", b"--x--"), 400);
    assert_eq!(send("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nRI"), 400);
    assert_eq!(
        send("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"other\"; filename=\"a\"\r\n\r\nR\r\n--x--"),
        400
    );
    let page = ada.post(&path(sales), &[("file", "west.wav")]);
    assert_eq!(said(&ada, &page), "Choose a WAV or MP3 file.", "a form that forgot its type has only the name");
    let cross = ada.request(Method::POST, &path(sales)).header("Sec-Fetch-Site", "cross-site").body("x");
    assert_eq!(ada.send(cross).status, 403);
    assert!(files(&world).is_empty());
}

#[test]
fn t29_a_full_or_vanished_disk_takes_nothing_and_loses_nothing() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = group(&world, world.ada.account, "Sales");
    take(&ada, sales, "old.wav", &chime());
    let folder = world.folder().join("files/greetings");
    std::fs::rename(&folder, world.folder().join("elsewhere")).unwrap();
    std::fs::write(&folder, "no folder").unwrap();
    let page = world.unchanged("a vanished disk", || upload(&ada, sales, "new.wav", &sample(3)));
    assert_eq!((page.status, page.h1().as_str()), (503, "Busy"));
    std::fs::remove_file(&folder).unwrap();
    std::fs::rename(world.folder().join("elsewhere"), &folder).unwrap();
    assert_eq!(ada.get(&path(sales)).bytes, chime());
    assert_eq!(files(&world), named(&world));
}
