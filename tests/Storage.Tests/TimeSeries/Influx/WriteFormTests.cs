using Microsoft.Extensions.Logging.Abstractions;
using Seamless.Storage.TimeSeries;
using Seamless.Storage.TimeSeries.Influx;
using Seamless.Telemetry;

namespace Seamless.Storage.Tests.TimeSeries.Influx;

/// <summary>What goes over the wire to each version, and what becomes of its refusals.</summary>
public sealed class WriteFormTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly InfluxDouble _server = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private string Rejected => Path.Combine(_folder.Path, "rejected.lp");

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private InfluxTimeSeriesStore Open(InfluxVersion version, int retries = 3) => new(
        new InfluxOptions { Url = _server.Url, Version = version, Database = "plant 1", Organisation = "acme", Token = "secret", User = "u", Password = "p", RetentionPolicy = "year", Retries = retries },
        Rejected, new GenericCatalog(), TimeProvider.System, NullLogger<InfluxTimeSeriesStore>.Instance);

    private static Sample[] Samples(int count) => [.. Enumerable.Range(0, count).Select(i => new Sample(new DeviceKey("default", "pump-1"), 1_764_000_000_000 + i, i, [new Reading("flow", i)]))];

    private IEnumerable<InfluxDouble.Request> Writes => _server.Requests.Where(r => r.Path.Contains("write", StringComparison.Ordinal));

    [Theory]
    [InlineData(InfluxVersion.V1, "/write", "?db=plant%201&rp=year&precision=ms", "Basic dTpw")]
    [InlineData(InfluxVersion.V2, "/api/v2/write", "?org=acme&bucket=plant%201&precision=ms", "Token secret")]
    [InlineData(InfluxVersion.V3, "/api/v3/write_lp", "?db=plant%201&precision=millisecond&accept_partial=true&no_sync=false", "Bearer secret")]
    public async Task Each_version_gets_its_own_form(InfluxVersion version, string path, string query, string authorization)
    {
        if (version is InfluxVersion.V1) _server.Answers = r => r.Path == "/query" ? new(200, """{"results":[{"statement_id":0}]}""") : new(204);
        using var store = Open(version);

        var ordinal = await store.AppendAsync(Samples(1).AsRows(), Ct);

        var write = Assert.Single(Writes);
        Assert.Equal((path, query, authorization, "gzip"), (write.Path, write.Query, write.Authorization, write.ContentEncoding));
        Assert.StartsWith("text/plain", write.ContentType, StringComparison.Ordinal);
        Assert.Equal("generic,device=pump-1,tenant=default arrived=1764000000000i,seq=0i,flow=0 1764000000000", Assert.Single(write.Lines));
        Assert.Equal((1, 1), (ordinal, store.Durable));
    }

    [Fact]
    public async Task A_batch_is_cut_to_the_size_that_the_server_likes()
    {
        using var store = Open(InfluxVersion.V2);
        await store.AppendAsync(Samples(12_000), Ct);
        Assert.Equal([5000, 5000, 2000], Writes.Select(w => w.Lines.Length));
    }

    [Theory]
    [InlineData(InfluxVersion.V2, 400)]
    [InlineData(InfluxVersion.V2, 422)]
    [InlineData(InfluxVersion.V2, 413)]
    [InlineData(InfluxVersion.V1, 400)]
    public async Task A_refused_batch_is_halved_until_the_bad_line_stands_alone(InfluxVersion version, int status)
    {
        _server.Answers = r => r.Path == "/query" ? new(200, """{"results":[]}""") : r.Body.Contains("flow=77 ", StringComparison.Ordinal) ? new(status, """{"code":"invalid","message":"bad line"}""") : new(204);
        using var store = Open(version);

        await store.AppendAsync(Samples(1000), Ct);

        var rejected = await File.ReadAllLinesAsync(Rejected, Ct);
        Assert.Equal(2, rejected.Length);
        Assert.EndsWith($"{status} bad line", rejected[0], StringComparison.Ordinal);
        Assert.Contains("flow=77 ", rejected[1], StringComparison.Ordinal);
        Assert.InRange(Writes.Count(), 2, 25);
        var accepted = Writes.Where(w => !w.Body.Contains("flow=77 ", StringComparison.Ordinal)).SelectMany(w => w.Lines).Distinct().Count();
        Assert.Equal((999, 1), (accepted, store.Durable));
    }

    [Fact]
    public async Task Lines_that_the_server_names_are_kept_aside_without_another_request()
    {
        _server.Answers = _ => new(400, """{"error":"partial write of line protocol occurred","data":[{"original_line":"x","line_number":3,"error_message":"type conflict"}]}""");
        using var store = Open(InfluxVersion.V3);
        await store.AppendAsync(Samples(10), Ct);
        Assert.Single(Writes);
        var rejected = await File.ReadAllLinesAsync(Rejected, Ct);
        Assert.EndsWith("type conflict", rejected[0], StringComparison.Ordinal);
        Assert.Contains("flow=2 ", rejected[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_is_bad_throughout_costs_a_bounded_number_of_requests_and_loses_nothing()
    {
        _server.Answers = _ => new(422, """{"message":"beyond retention"}""");
        using var store = Open(InfluxVersion.V2);
        await store.AppendAsync(Samples(5000), Ct);
        Assert.InRange(Writes.Count(), 1, 200);
        Assert.Equal(5000, (await File.ReadAllLinesAsync(Rejected, Ct)).Count(line => line[0] != '#'));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    [InlineData(500)]
    public async Task A_busy_server_is_asked_again_when_it_says(int status)
    {
        var answers = 0;
        _server.Answers = _ => ++answers < 3 ? new(status, "busy", RetryAfter: "0") : new(204);
        using var store = Open(InfluxVersion.V2);
        await store.AppendAsync(Samples(1), Ct);
        Assert.Equal(3, Writes.Count());
        Assert.False(File.Exists(Rejected));
    }

    [Theory]
    [InlineData(401, 1)]
    [InlineData(404, 1)]
    [InlineData(503, 3)]
    public async Task What_is_not_the_datas_fault_fails_the_append_so_that_the_log_keeps_it(int status, int requests)
    {
        _server.Answers = _ => new(status, """{"code":"unauthorized","message":"unauthorized access"}""", RetryAfter: "0");
        using var store = Open(InfluxVersion.V2, retries: 2);
        var failure = await Assert.ThrowsAsync<InfluxException>(async () => await store.AppendAsync(Samples(1).AsRows(), Ct));
        Assert.Contains($"{status} unauthorized access", failure.Message, StringComparison.Ordinal);
        Assert.Equal((requests, 0), (Writes.Count(), store.Durable));
        Assert.False(File.Exists(Rejected));
    }

    [Fact]
    public async Task Version_2_deletes_tenant_by_tenant_what_is_ours()
    {
        _server.Answers = r => r.Path switch
        {
            "/query" when r.Body.Contains("SHOW", StringComparison.Ordinal) => new(200, """{"results":[{"series":[{"name":"pump","columns":["key","value"],"values":[["tenant","acme"],["tenant","default"]]}]}]}"""),
            "/query" => new(200, """{"results":[{"series":[{"name":"pump","columns":["time","count"],"values":[[0,7]]}]}]}"""),
            _ => new(204),
        };
        using var store = Open(InfluxVersion.V2);
        Assert.Equal(7, await store.DeleteBeforeAsync(DateTimeOffset.FromUnixTimeSeconds(1_764_000_000), Ct));
        var deletes = _server.Requests.Where(r => r.Path == "/api/v2/delete").ToArray();
        Assert.Equal(2, deletes.Length);
        Assert.Contains("""tenant=\u0022acme\u0022""", deletes[0].Body, StringComparison.Ordinal);
        Assert.Contains("2025-11-24T16:00:00.000Z", deletes[0].Body, StringComparison.Ordinal);
    }
}
