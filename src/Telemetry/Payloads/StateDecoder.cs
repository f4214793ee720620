using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Seamless.Telemetry.Payloads;

/// <summary>Reads a state payload, or a Will (CONTRACTS §1).</summary>
public static class StateDecoder
{
    private struct Fields
    {
        public string? Status;
        public string? Agent;
    }

    /// <remarks>
    /// The state's time is its arrival: a Will is written when the device connects and sent when it is lost, so a time within it
    /// would say nothing.
    /// </remarks>
    public static bool TryDecode(
        in DeviceKey device, ReadOnlySpan<byte> payload, long arrivalMs, [NotNullWhen(true)] out DeviceState? state, [NotNullWhen(false)] out Reject? reject)
    {
        state = null;
        var fields = new Fields();
        reject = JsonMembers.ReadWhole(payload, ReadMember, ref fields);
        if (reject is not null) return false;
        if (fields.Status is not ("online" or "offline"))
        {
            reject = new Reject(RejectReason.WrongShape, 0, null, "status is online or offline");
            return false;
        }
        var json = payload.StartsWith("\uFEFF"u8) ? payload[3..] : payload;
        state = new DeviceState(device, arrivalMs, fields.Status == "online", fields.Agent, Encoding.UTF8.GetString(json));
        return true;
    }

    private static bool ReadMember(ref JsonScanner scanner, JsonText name, ref Fields fields) => name switch
    {
        _ when name.Is("status"u8) => JsonMembers.TryText(ref scanner, out fields.Status),
        _ when name.Is("agent"u8) => JsonMembers.TryText(ref scanner, out fields.Agent),
        _ => scanner.TrySkip(),
    };
}
