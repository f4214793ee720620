using static Seamless.Fleet.Tests.FleetHouse;

namespace Seamless.Fleet.Tests.Shadows;

public sealed class ShadowTests
{
    [Fact]
    public async Task Each_desired_state_is_one_version_on_and_goes_to_the_device()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1");
        await house.Shadows.PutDesiredAsync(Some.Key("pump-1"), """{"interval":5}""", null, "test", Ct);
        var second = await house.Shadows.PutDesiredAsync(Some.Key("pump-1"), """{"interval":9}""", 1, "test", Ct);
        Assert.Equal((2, """{"interval":9}"""), (second.Value!.DesiredVersion, second.Value.DesiredJson));
        Assert.Equal([1, 2], house.Transport.Published.Select(shadow => shadow.DesiredVersion));
        Assert.Equal(2, Assert.Single(await house.Shadows.ListDesiredAsync(Ct)).DesiredVersion);
    }

    [Fact]
    public async Task A_desired_state_based_on_an_old_version_is_refused()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1");
        Assert.Equal("conflict", (await house.Shadows.PutDesiredAsync(Some.Key("pump-1"), "{}", 5, "test", Ct)).Refusal?.Code);
        Assert.True((await house.Shadows.PutDesiredAsync(Some.Key("pump-1"), "{}", 0, "test", Ct)).Succeeded);
        Assert.Equal("conflict", (await house.Shadows.PutDesiredAsync(Some.Key("pump-1"), "{}", 0, "test", Ct)).Refusal?.Code);
        Assert.Equal("invalid", (await house.Shadows.PutDesiredAsync(Some.Key("pump-1"), "[]", null, "test", Ct)).Refusal?.Code);
    }

    [Fact]
    public async Task Reported_keeps_the_newest_version_beside_desired()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1");
        await house.Shadows.PutDesiredAsync(Some.Key("pump-1"), """{"interval":5}""", null, "test", Ct);
        Assert.True((await house.Shadows.ReportAsync(Some.Key("pump-1"), 7, """{"interval":3}""", Ct)).Succeeded);
        Assert.Equal("conflict", (await house.Shadows.ReportAsync(Some.Key("pump-1"), 6, "{}", Ct)).Refusal?.Code);
        var shadow = await house.Shadows.GetAsync(Some.Key("pump-1"), Ct);
        Assert.Equal((1, 7, """{"interval":3}"""), (shadow.DesiredVersion, shadow.ReportedVersion, shadow.ReportedJson));
    }
}
