using Seamless.Telemetry;
using Seamless.Telemetry.Commands;

namespace Seamless.Fleet.Commands;

/// <summary>A process without a door (the command line beside a running <c>serve</c>): what it stores is sent by the process that has one.</summary>
internal sealed class ClosedDoor : ICommandTransport
{
    public Task<bool> TrySendAsync(DeviceKey device, CommandMessage message, CancellationToken ct) => Task.FromResult(false);
}
