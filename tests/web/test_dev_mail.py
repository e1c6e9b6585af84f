"""The mailbox of the demo: everything readable, nothing able to act, and not there on a server that sells."""

from foyer.infra.mail import Attachment, KeptPost
from foyer.kernel.ids import uuid7
from tests.mail.test_words import letter
from tests.support.world import running_app, settings_for

EVIL = "<script>parent.location='/'</script><p onclick='x()'>Hi</p>"


async def test_kept_mail_is_read_in_a_frame_that_can_do_nothing(app_url, tmp_path):
    name = uuid7().hex
    file = Attachment("a <b>.html", "text/html", EVIL.encode())
    post = KeptPost(tmp_path / "mail", "tickets@localhost")
    await post.send(
        letter(message_id=f"<{name}@x>", html=EVIL, subject="<i>Hi</i>", text=EVIL, attachments=(file,))
    )
    async with running_app(settings_for(tmp_path), app_url) as client:
        pages = [await client.get(f"/dev/mail{path}") for path in ("", f"/{name}", f"/{name}?view=text")]
        assert [page.status_code for page in pages] == [200] * 3
        for page in pages:
            assert EVIL not in page.text
            assert "<i>Hi" not in page.text
            assert "script-src 'self'" in page.headers["content-security-policy"]
        assert f'src="/dev/mail/{name}/page" sandbox="allow-popups' in pages[1].text
        framed = await client.get(f"/dev/mail/{name}/page")
        policy = framed.headers["content-security-policy"]
        assert (framed.text.strip(), "sandbox" in policy, "default-src 'none'" in policy) == (
            EVIL,
            True,
            True,
        )
        assert "allow-scripts" not in policy + pages[1].text
        for path, length in (("files/0", len(EVIL)), ("raw", None)):
            answer = await client.get(f"/dev/mail/{name}/{path}")
            assert answer.headers["content-disposition"].startswith("attachment;")
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "sandbox" in answer.headers["content-security-policy"]
            assert length is None or len(answer.content) == length
        for path in (f"{uuid7().hex}", "..%2f..%2fsecret", f"{name}/files/1", "x" * 32):
            assert (await client.get(f"/dev/mail/{path}")).status_code == 404
    paths = ["", f"/{name}", f"/{name}/page", f"/{name}/files/0", f"/{name}/raw"]
    async with running_app(settings_for(tmp_path, demo=False), app_url) as selling:
        assert [(await selling.get(f"/dev/mail{path}")).status_code for path in paths] == [404] * 5


async def test_only_the_newest_mails_are_kept(tmp_path):
    post = KeptPost(tmp_path / "mail", "tickets@localhost", most=3)
    names = [uuid7().hex for _ in range(5)]
    for name in [*names, names[-1]]:
        await post.send(letter(message_id=f"<{name}@x>"))

    assert sorted(path.stem for path in (tmp_path / "mail").iterdir()) == names[2:]
    assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700
