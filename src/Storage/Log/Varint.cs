namespace Seamless.Storage.Log;

/// <summary>Numbers seven bits a byte, low bits first; signed ones zig-zag, so that small ones are short either way.</summary>
internal static class Varint
{
    /// <param name="output">At least ten bytes when the value may be any.</param>
    public static int Write(Span<byte> output, ulong value)
    {
        var length = 0;
        while (value >= 0x80)
        {
            output[length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        output[length++] = (byte)value;
        return length;
    }

    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    /// <summary>Whether a double is a whole number that is shorter as a varint and comes back bit for bit (−0 does not).</summary>
    public static bool IsShort(double value) =>
        value is > -1e9 and < 1e9 && value == Math.Floor(value) && !(value == 0 && double.IsNegative(value));
}
