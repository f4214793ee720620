using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Seamless.ServiceDesk.Care.Contacts;
using Seamless.ServiceDesk.Care.Plans;
using Seamless.ServiceDesk.Commerce.Contracts;
using Seamless.ServiceDesk.Commerce.Coverage;
using Seamless.ServiceDesk.Notifications;

namespace Seamless.ServiceDesk.Tests.Notifications;

/// <summary>What people are told of that belongs to no ticket.</summary>
public sealed class NoticeTests
{
    [Fact]
    public async Task A_missed_care_visit_is_told_to_who_asked_for_it_and_to_each_rung_as_the_ladder_is_climbed()
    {
        await using var house = await House.OpenAsync(o => o.EscalationLadder = ["owner", "manager"]);
        house.Add("pump-1");
        await PutAsync(house, "planner", ["care-missed"]);
        await PutAsync(house, "manager", null, rung: "manager");
        await PutAsync(house, "stranger", ["opened"]);
        await house.Services.GetRequiredService<ICarePlans>().PutAsync(House.Tenant, "weekly", new CarePlanOrder(
            new("Inspection", "点检"), new CareScope(Type: "pump"), "FREQ=WEEKLY;BYDAY=TU", WindowDays: 1, Objectives: [new VisitObjective("look", new("Look", "查看"))]), "anna", default);
        await house.BeatAsync();
        await using var db = await house.Contexts.CreateDbContextAsync();
        var first = await db.CareVisits.OrderBy(v => v.Sequence).FirstAsync();

        await house.PassAsync(first.Until - house.Now + TimeSpan.FromHours(1), TimeSpan.FromHours(6));
        var told = Assert.Single(await OfAsync(house, first.Number));
        Assert.Equal(("mail-planner", "care-missed"), (told.Recipient, told.Milestone));

        await house.PassAsync(TimeSpan.FromHours(30), TimeSpan.FromHours(6));
        Assert.Contains(await OfAsync(house, first.Number), d => d.Recipient == "mail-manager");
        Assert.DoesNotContain(await OfAsync(house, first.Number), d => d.Recipient == "mail-stranger");
    }

    [Fact]
    public async Task A_contract_that_ends_is_told_once_to_the_successor_of_a_contact_who_has_left()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        var contacts = house.Services.GetRequiredService<IContacts>();
        foreach (var name in (string[])["leaver", "follower"])
        {
            await PutAsync(house, name, ["contract-expires"]);
            await contacts.PutAsync(House.Tenant, name, new ContactOrder("acme", name, [ContactRole.Operations], Recipients: [$"mail-{name}"]), "anna", default);
        }
        Assert.True((await contacts.HandOverAsync(House.Tenant, "leaver", "follower", null, "anna", default)).Succeeded);
        var contract = await house.Services.GetRequiredService<IContracts>().AddAsync(new NewContract(House.Tenant, "pump-1", CoveragePack.Full, house.Now.AddDays(92)), "anna", default);
        Assert.True(contract.Succeeded, contract.Refusal?.Reason);

        await house.PassAsync(TimeSpan.FromDays(3), TimeSpan.FromDays(1));

        Assert.Equal("mail-follower", Assert.Single(await OfAsync(house, contract.Value.Number)).Recipient);
    }

    private static async Task PutAsync(House house, string name, IReadOnlyList<string>? milestones, string? rung = null)
    {
        var put = await house.Notifications.PutAsync(House.Tenant, $"mail-{name}", new RecipientOrder(name, Audience.Staff, Channel.Email, $"{name}@example.org", Milestones: milestones, Rung: rung), "anna", default);
        Assert.True(put.Succeeded, put.Refusal?.Reason);
    }

    private static async Task<List<Delivery>> OfAsync(House house, string about) =>
        [.. (await house.Notifications.OutboxAsync(new OutboxFilter(House.Tenant), default)).Where(d => d.Ticket == about)];
}
