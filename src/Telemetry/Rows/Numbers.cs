namespace Seamless.Telemetry.Rows;

/// <summary>Small numbers for the names that every sample repeats, so that the way of a sample compares and stores four bytes instead of a text.</summary>
/// <remarks>Valid in this process only and never written down; a name keeps its number for as long as the process lives.</remarks>
public static class Numbers
{
    public static DeviceNumbers Devices { get; } = new();
    public static MetricNumbers Metrics { get; } = new();
}

/// <summary>Devices by number, from 0 without gaps. Any number of threads; reading takes no lock.</summary>
public sealed class DeviceNumbers
{
    private readonly Lock _adding = new();
    private readonly System.Collections.Concurrent.ConcurrentDictionary<DeviceKey, int> _numbers = new();
    private volatile DeviceKey[] _keys = new DeviceKey[256];
    private volatile int _count;

    public int Count => _count;

    public DeviceKey this[int number] => _keys[number];

    /// <summary>The device's number, given on first sight.</summary>
    public int Of(in DeviceKey device) => _numbers.TryGetValue(device, out var number) ? number : Add(device);

    private int Add(in DeviceKey device)
    {
        lock (_adding)
        {
            if (_numbers.TryGetValue(device, out var known)) return known;
            var number = _count;
            if (number == _keys.Length)
            {
                var larger = new DeviceKey[number * 2];
                _keys.AsSpan().CopyTo(larger);
                _keys = larger;
            }
            _keys[number] = device;
            _count = number + 1;
            _numbers[device] = number;
            return number;
        }
    }
}
