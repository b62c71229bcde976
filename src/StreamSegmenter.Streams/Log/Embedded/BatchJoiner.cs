using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Log.Embedded;

/// <summary>Joins what several callers packed for one partition into few batches.</summary>
internal static class BatchJoiner
{
    /// <summary>
    /// Adds sealed batches that hold the packs in order, the first record at <paramref name="first"/>. The caller is
    /// the one user of their buffers.
    /// </summary>
    public static void Join(List<PackedRecords> packs, LogPosition first, Timestamp logTime, List<StoredBatch> batches)
    {
        for (int start = 0; start < packs.Count; )
        {
            int end = start;
            int count = 0;
            int bytes = BatchFormat.HeaderBytes;
            do
            {
                count += packs[end].Count;
                bytes += packs[end].Bytes.Length;
                end++;
            } while (end < packs.Count && bytes + packs[end].Bytes.Length <= PackedRecords.BatchBytesWanted);

            BatchBuffer buffer = (end - start == 1 ? packs[start].GiveAway() : null) ?? Fill(bytes, packs, start, end);
            StoredBatch batch = new(packs[start].Partition, first, count, logTime, buffer.Array.AsMemory(0, bytes))
            {
                Buffer = buffer,
            };
            BatchFormat.Seal(batch);
            batches.Add(batch);
            first = batch.End;
            start = end;
        }
    }

    private static BatchBuffer Fill(int bytes, List<PackedRecords> packs, int start, int end)
    {
        BatchBuffer buffer = BatchBuffer.Take(bytes);
        Span<byte> destination = buffer.Array.AsSpan(BatchFormat.HeaderBytes);
        for (int i = start; i < end; i++)
        {
            packs[i].Bytes.CopyTo(destination);
            destination = destination[packs[i].Bytes.Length..];
        }

        return buffer;
    }
}
