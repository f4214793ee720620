using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Seamless.Analytics.MachineState;
using Seamless.ServiceDesk.Remedies;
using Seamless.Storage.Tests.TimeSeries;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Tests.Remedies;

public sealed class SignatureReaderTests
{
    private static readonly DateTimeOffset Raised = House.Start.AddMinutes(7);

    [Fact]
    public async Task Looks_at_rows_that_were_complete_when_the_alarm_was_raised()
    {
        var store = new MemoryTimeSeriesStore();
        await store.AppendAsync([.. Enumerable.Range(0, FaultSignature.Rows + 6).Select(back => Of(House.Start.AddMinutes(50 - 10 * back), ill: back is < 18 and > 4))], default);   // on from the alarm's own row it is well again

        var seen = await new SignatureReader(store, new MemoryPacks(), NullLogger<SignatureReader>.Instance).ReadAsync(House.Tenant, "pump-1", "pump", Raised, default);

        Assert.NotNull(seen);
        Assert.True(seen.Direction["vibration"] > 0.95, $"{seen.Direction["vibration"]}");
        Assert.DoesNotContain("operatorPulse", seen.Direction.Keys);   // a ticket outlives what is personal
        var whole = await new SignatureReader(store, new MemoryPacks(), NullLogger<SignatureReader>.Instance).ReadAsync(House.Tenant, "pump-1", "pump", House.Start, default);
        Assert.Equal((whole!.Size, whole.Growth, whole.Direction["vibration"]), (seen.Size, seen.Growth, seen.Direction["vibration"]));
        var later = await new SignatureReader(store, new MemoryPacks(), NullLogger<SignatureReader>.Instance).ReadAsync(House.Tenant, "pump-1", "pump", Raised.AddMinutes(40), default);
        Assert.True(later is null || later.Size < seen.Size);
    }

    [Fact]
    public async Task A_site_and_a_machine_of_no_known_type_have_none()
    {
        var reader = new SignatureReader(new MemoryTimeSeriesStore(), new MemoryPacks(), NullLogger<SignatureReader>.Instance);
        Assert.Null(await reader.ReadAsync(House.Tenant, null, "pump", Raised, default));
        Assert.Null(await reader.ReadAsync(House.Tenant, "pump-1", "toaster", Raised, default));
        Assert.Null(await reader.ReadAsync(House.Tenant, "pump-1", "pump", Raised, default));
    }

    [Fact]
    public async Task A_store_that_fails_costs_the_signature_and_not_the_ticket()
    {
        var store = DispatchProxy.Create<ITimeSeriesStore, Broken>();
        var reader = new SignatureReader(store, new MemoryPacks(), NullLogger<SignatureReader>.Instance);
        Assert.Null(await reader.ReadAsync(House.Tenant, "pump-1", "pump", Raised, default));
        Assert.Null(await reader.ReadAsync(House.Tenant, "pump-2", "pump", Raised, default));
        Assert.Equal(1, ((Broken)(object)store).Asked);   // it is left alone for a while
    }

    private static Sample Of(DateTimeOffset at, bool ill) => new(
        new DeviceKey(House.Tenant, "pump-1"), at.ToUnixTimeMilliseconds(), null,
        [new Reading("vibration", 2 + at.Minute / 60.0 + (ill ? 5 : 0)), new Reading("bearingTemperature", 50 + at.Hour / 24.0), new Reading("operatorPulse", 70 + at.Minute / 10.0 + (ill ? 40 : 0))]);

    public class Broken : DispatchProxy
    {
        public int Asked { get; private set; }

        protected override object Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Asked++;
            throw new IOException("the store is away");
        }
    }
}
