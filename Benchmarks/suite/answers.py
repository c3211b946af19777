"""How far answers are from treec's."""

import numpy


def differences(treec, peer):
    """In the precision of the peer: how many differ, and by how much at most: in places among its
    numbers, and absolutely."""
    peer = numpy.asarray(peer)
    if peer.dtype != numpy.float32:
        peer = peer.astype(numpy.float64)
    ours = treec.astype(peer.dtype).ravel()
    theirs = peer.ravel()
    apart = numpy.abs(places(ours) - places(theirs))
    # In Doubles, so that a difference of Floats is not rounded.
    distance = numpy.abs(ours.astype(numpy.float64) - theirs.astype(numpy.float64))
    return {"values": int(ours.size), "differing": int(numpy.count_nonzero(apart)),
            "ulp": int(apart.max()), "difference": float(distance.max()),
            "bits": 8 * peer.dtype.itemsize}


def places(numbers):
    """The position of each number among all of its type; both zeros have one."""
    whole = numpy.int32 if numbers.dtype == numpy.float32 else numpy.int64
    bits = numpy.ascontiguousarray(numbers).view(whole).astype(numpy.int64)
    return numpy.where(bits >= 0, bits, numpy.iinfo(whole).min - bits)
