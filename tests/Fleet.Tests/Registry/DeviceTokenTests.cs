using Seamless.Fleet.Registry;
using Seamless.Telemetry;
using static Seamless.Fleet.Tests.FleetHouse;

namespace Seamless.Fleet.Tests.Registry;

public sealed class DeviceTokenTests
{
    [Fact]
    public async Task Only_the_devices_own_latest_token_opens_the_door()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1");
        await house.AddAsync("pump-2");
        var first = (await house.Registry.IssueTokenAsync(Some.Key("pump-1"), "test", Ct)).Value!;
        var other = (await house.Registry.IssueTokenAsync(Some.Key("pump-2"), "test", Ct)).Value!;

        Assert.StartsWith("sd_", first);
        Assert.Equal(46, first.Length);
        Assert.Equal(new DevicePrincipal(Some.Key("pump-1"), false), await house.Registry.AuthenticateAsync("pump-1", first, Ct));
        Assert.NotNull(await house.Registry.AuthenticateAsync("default/pump-1", first, Ct));
        Assert.Null(await house.Registry.AuthenticateAsync("pump-1", other, Ct));
        Assert.Null(await house.Registry.AuthenticateAsync("elsewhere/pump-1", first, Ct));
        Assert.Null(await house.Registry.AuthenticateAsync("pump-1", "", Ct));

        var second = (await house.Registry.IssueTokenAsync(Some.Key("pump-1"), "test", Ct)).Value!;
        Assert.Null(await house.Registry.AuthenticateAsync("pump-1", first, Ct));
        Assert.NotNull(await house.Registry.AuthenticateAsync("pump-1", second, Ct));
    }

    [Fact]
    public async Task A_token_issued_by_another_process_works_at_once_and_ends_the_old_one_with_the_refresh()
    {
        await using var serve = await OpenAsync();
        await serve.AddAsync("gw-1", type: "gateway");
        var first = (await serve.Registry.IssueTokenAsync(Some.Key("gw-1"), "test", Ct)).Value!;
        Assert.True((await serve.Registry.AuthenticateAsync("gw-1", first, Ct))!.IsGateway);
        var revoked = new List<DeviceKey>();
        serve.Registry.CredentialsRevoked += revoked.Add;

        await using var commandLine = await serve.AnotherAsync();
        var second = (await commandLine.Registry.IssueTokenAsync(Some.Key("gw-1"), "test", Ct)).Value!;
        await serve.Registry.RefreshAsync(Ct);

        Assert.Equal([Some.Key("gw-1")], revoked);
        Assert.Null(await serve.Registry.AuthenticateAsync("gw-1", first, Ct));
        Assert.NotNull(await serve.Registry.AuthenticateAsync("gw-1", second, Ct));
    }

    [Fact]
    public async Task A_removed_device_cannot_come_in()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1");
        var token = (await house.Registry.IssueTokenAsync(Some.Key("pump-1"), "test", Ct)).Value!;
        await house.Registry.RemoveAsync(Some.Key("pump-1"), "test", Ct);
        Assert.Null(await house.Registry.AuthenticateAsync("pump-1", token, Ct));
    }

    [Fact]
    public async Task The_token_itself_is_nowhere_in_the_database()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1");
        var token = (await house.Registry.IssueTokenAsync(Some.Key("pump-1"), "test", Ct)).Value!;
        await using var open = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={System.IO.Path.Combine(house.Directory, "operations.db")};Pooling=False");
        await open.OpenAsync(Ct);
        await using var reading = open.CreateCommand();
        reading.CommandText = "SELECT count(*) FROM sqlite_master";
        await reading.ExecuteScalarAsync(Ct);   // from now on no other test that closes takes SQLite's side files away
        foreach (var file in System.IO.Directory.GetFiles(house.Directory))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, Ct);
            Assert.Equal(-1, bytes.ToArray().AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(token)));
        }
    }
}
