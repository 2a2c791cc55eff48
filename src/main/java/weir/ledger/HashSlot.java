package weir.ledger;

import java.nio.charset.StandardCharsets;

/** Which of a cluster's slots a hash tag falls into: CRC16 (XMODEM) modulo 16384. */
final class HashSlot {
    static final int COUNT = 16_384;

    private static final int POLYNOMIAL = 0x1021;

    private HashSlot() {}

    static int of(String tag) {
        int crc = 0;
        for (byte b : tag.getBytes(StandardCharsets.UTF_8)) {
            crc ^= (b & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ POLYNOMIAL;
            }
            crc &= 0xffff;
        }
        return crc % COUNT;
    }
}
