"""A small faultless folder of a round, to be spoilt in one place: two laboratories, two stages."""

from scoring import round_folder

STAGES = """\
stage,opens_at,closes_at,parameters
S1,2024-09-10T00:00:00+08:00,2024-09-20T18:00:00+08:00,init;final
S2,2024-10-08 00:00,2024/10/15 18:00,sound
"""
LABS = """\
lab_code,lab_name,city,qualification_no,contact_name,contact_mobile,registered_at
L-1,甲检测中心,广州,资1,钱某,12000000001,2024-08-28T12:41:00+08:00
L-2,乙检测中心,深圳,,,,
"""
SAMPLES = """\
sample_no,lab_code,pack_label,item,dispatched_at,condition
Y1,L-1,1,A,2024-09-03T11:09:00+08:00,完好
Y2,L-1,2,B,,破损
Y3,L-2,1,B,,damaged
Y4,L-2,2,A,,
"""
SUBMISSIONS = """\
lab_code,stage,submitted_at,cast_at,broken_at,tested_by,sealed
L-1,S1,2024-09-14T13:45:00+08:00,2024-09-10T09:48:00+08:00,2024-09-13T10:10:00+08:00,钱某,yes
L-1,S2,2024-10-09T19:18:00+08:00,,,钱某,no
L-2,S1,2024-09-15T08:00:00Z,2024/9/10 9:48,,,yes
"""
READINGS = """\
lab_code,sample_no,parameter,attempt,idx,quantity,value,unit
L-1,Y1,init,1,1,elapsed, 172 ,min
L-1,Y2,init,1,1,elapsed,2:52,min
L-1,Y1,sound,1,1,A,10.5,mm
L-2,Y3,final,1,1,elapsed,240,min
"""
REPORTED = """\
lab_code,sample_no,parameter,status,value,unit
L-1,Y1,init,reported,172,min
L-1,Y2,sound,void,,mm
L-1,Y2,init,void,,min
"""
SOUND = {
    "stages": STAGES, "labs": LABS, "samples": SAMPLES,
    "submissions": SUBMISSIONS, "readings": READINGS, "reported": REPORTED,
}  # fmt: skip


def files(**texts):
    """Return the files of the folder, some replaced; None leaves one out, bytes stay bytes."""
    whole = SOUND | texts
    return {
        name: text.encode() if isinstance(text, str) else text
        for name, text in whole.items()
    }  # fmt: skip


def spoilt(name, old, new):
    """Return the files with ``old``, which must be there, replaced in the file ``name``."""
    assert old in SOUND[name]
    return files(**{name: SOUND[name].replace(old, new, 1)})


def problems(found):
    """Return what is wrong with files, as it is printed."""
    try:
        round_folder.read(found)
    except round_folder.FolderRefused as refusal:
        return refusal.params["problems"].removeprefix("\n- ").split("\n- ")
    return []
