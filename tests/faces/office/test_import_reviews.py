"""Reviews are read in from the office too: tried out first, then for real, with every problem by line and column."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from aftersales.kernel import clock
from customers.models import ImportRun, Review


def test_a_trial_run_writes_nothing_and_the_real_one_does_once(office: Any) -> None:
    day = clock.shop_date(clock.now()).isoformat()
    content = f"评分,评价内容,评价时间\n1,掉色严重,{day}\n很好,好,{day}\n".encode("gb18030")
    client = office("lead")
    data = {"source": "reviews", "platform": "tmall", "files": SimpleUploadedFile("r.csv", content, "text/csv")}
    tried = client.post("/office/imports/new/", data)
    page = tried.content.decode()
    assert tried.context["waiting"]
    assert "Reviews: 1 new" in page
    assert "is no number of stars" in page
    assert not Review.objects.exists()
    client.post("/office/imports/run/")
    assert Review.objects.get().platform == "tmall"
    assert client.post("/office/imports/run/").status_code == 302
    assert "reviews: 1 new" in client.get("/office/customers/importrun/").content.decode()
    assert ImportRun.objects.count() == 1


def test_without_a_platform_it_says_so_and_offers_nothing(office: Any) -> None:
    content = f"stars,text,at\n5,good,{clock.shop_date(clock.now())}\n".encode()
    data = {"source": "reviews", "files": SimpleUploadedFile("r.csv", content, "text/csv")}
    tried = office("lead").post("/office/imports/new/", data)
    assert not tried.context["waiting"]
    assert "No platform is given" in tried.content.decode()
