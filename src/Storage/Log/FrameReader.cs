using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Seamless.Storage.Log;

/// <summary>Takes whole, checked batches out of a segment file, one after the other.</summary>
internal sealed class FrameReader(SafeFileHandle file, long start) : IDisposable
{
    private const int ReadAhead = 256 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(ReadAhead);
    private long _bufferStart = start;
    private int _buffered;

    /// <summary>Where the next batch begins.</summary>
    public long Offset { get; private set; } = start;

    /// <summary>The next batch's header; null when what stands here, before <paramref name="limit"/>, is not a whole batch as it was written.</summary>
    /// <param name="frame">Header and body, valid until the next call.</param>
    public BatchHeader? Next(long limit, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (limit - Offset < BatchHeader.Size || !Fill(BatchHeader.Size, limit)) return null;
        if (BatchHeader.Read(Buffered) is not { } header) return null;
        var length = (long)BatchHeader.Size + header.BodyBytes;
        if (length > limit - Offset || !Fill((int)length, limit)) return null;
        frame = Buffered[..(int)length];
        if (!header.Matches(frame)) return null;
        Offset += length;
        return header;
    }

    /// <summary>Hands back the frame just taken: the next call gives it again.</summary>
    public void Back(int frameBytes) => Offset -= frameBytes;

    /// <summary>Passes over what cannot be read, to the next whole batch; false when there is none before <paramref name="limit"/>.</summary>
    public bool TryResync(long limit)
    {
        while (Offset + 1 < limit - BatchHeader.Size)
        {
            Offset++;
            if (!Fill(BatchHeader.Size, limit)) return false;
            var at = Buffered.IndexOf(BatchHeader.MagicBytes);
            if (at < 0)
            {
                Offset += Math.Max(0, Buffered.Length - BatchHeader.MagicBytes.Length);
                continue;
            }
            Offset += at;
            var candidate = Offset;
            if (Next(limit, out _) is null) continue;
            Offset = candidate;
            return true;
        }
        return false;
    }

    private ReadOnlySpan<byte> Buffered => _buffer.AsSpan((int)(Offset - _bufferStart), _buffered - (int)(Offset - _bufferStart));

    /// <summary>Has at least <paramref name="bytes"/> from <see cref="Offset"/> in the buffer; false when the file is shorter.</summary>
    private bool Fill(int bytes, long limit)
    {
        var inBuffer = Offset >= _bufferStart && Offset <= _bufferStart + _buffered;
        if (inBuffer && Offset + bytes <= _bufferStart + _buffered) return true;
        if (_buffer.Length < bytes)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(bytes);
        }
        // Never past the limit: what stands beyond may still be changing under us.
        _bufferStart = Offset;
        _buffered = 0;
        var wanted = (int)Math.Min(_buffer.Length, limit - Offset);
        while (_buffered < wanted)
        {
            var read = RandomAccess.Read(file, _buffer.AsSpan(_buffered, wanted - _buffered), _bufferStart + _buffered);
            if (read == 0) break;
            _buffered += read;
        }
        return _buffered >= bytes;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
