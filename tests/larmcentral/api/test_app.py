"""The application as a browser meets it: log in, see the queue, read one, act."""

from __future__ import annotations

from tests.larmcentral.api.house import PASSWORD, ApiHouse, annas_alarm


async def test_an_operator_logs_in_and_works_an_incident(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    async with house.browser() as browser:
        me = await browser.post("/api/session", json={"login": " Operator.Care ", "password": PASSWORD})
        assert me.status_code == 200, me.text
        assert me.json()["committees"] == [{"id": str(house.care), "name": "Omsorgsnämnden"}]
        queue = (await browser.get("/api/incidents")).json()
        assert [row["id"] for row in queue["incidents"]] == [str(incident)]
        detail = (await browser.get(f"/api/incidents/{incident}")).json()
        assert detail["incident"] == queue["incidents"][0]
        done = await browser.post(f"/api/incidents/{incident}/acknowledge")
        assert done.status_code == 200, done.text
        assert [what[0] for what in house.commands.asked] == ["acknowledge"]
